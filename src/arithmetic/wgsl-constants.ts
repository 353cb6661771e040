/** `const` lines of WGSL: a number's by its name, those of a list as NAME_0, NAME_1 …, each the f32 that is nearest. */
export function wgslConstants(numbers: Readonly<Record<string, number | readonly number[]>>): string {
  const lines = Object.entries(numbers).flatMap(([name, value]) =>
    typeof value === "number" ? line(name, value) : value.map((one, k) => line(`${name}_${k}`, one)),
  );
  return lines.join("");
}

function line(name: string, value: number): string {
  return `const ${name} = ${decimal(value)}f;\n`;
}

/** The shortest decimal of the f32 that is nearest to a number: not one half way to the next, which readers may round either way. */
function decimal(value: number): string {
  const nearest = Math.fround(value);
  let digits = 1;
  while (!isInside(Number(nearest.toPrecision(digits)), nearest)) digits++;
  return String(Number(nearest.toPrecision(digits)));
}

function isInside(x: number, nearest: number): boolean {
  return Math.fround(x * (1 - 2 ** -52)) === nearest && Math.fround(x * (1 + 2 ** -52)) === nearest;
}
