/** `const` lines of WGSL: a number's by its name, those of a list as NAME_0, NAME_1 …, each the f32 that is nearest. */
export function wgslConstants(numbers: Readonly<Record<string, number | readonly number[]>>): string {
  const lines = Object.entries(numbers).flatMap(([name, value]) =>
    typeof value === "number" ? line(name, value) : value.map((one, k) => line(`${name}_${k}`, one)),
  );
  return lines.join("");
}

/** Nine digits tell every f32 from all others, and are never half way between two, which readers may round either way. */
function line(name: string, value: number): string {
  return `const ${name} = ${Math.fround(value).toPrecision(9)}f;\n`;
}
