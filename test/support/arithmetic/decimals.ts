/** A decimal in a source file. */
export interface Decimal {
  readonly line: number;
  readonly text: string;
  readonly value: number;
}

/**
 * The decimals of TypeScript or WGSL, comments left out, that have a fraction or an exponent and seven or more significant digits:
 * what a fit or a constant of nature has. Shorter ones, and whole numbers (seeds, sizes, masks), are choices, which may be alike by chance.
 */
export function longDecimals(text: string): readonly Decimal[] {
  const blank = (comment: string) => comment.replace(/[^\n]/g, " ");
  const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, blank);
  return code.split("\n").flatMap((line, k) => {
    const found = [...line.matchAll(/(?<![\w.])(?:\d[\d_]*\.?\d*|\.\d+)(?:e[+-]?\d+)?(?!\w*p)/gi)].map(([one]) => one);
    return found.filter(isLong).map((one) => ({ line: k + 1, text: one, value: Number(one.replaceAll("_", "")) }));
  });
}

function isLong(text: string): boolean {
  const [mantissa = ""] = text.toLowerCase().split("e");
  const digits = mantissa.replace(/[_.]/g, "").replace(/^0+|0+$/g, "");
  return digits.length >= 7 && /[.e]/i.test(text);
}

/** Where the long decimals of these files stand, as `path:line decimal`; those that are the same f32 go together. */
export function placesOf(
  files: readonly (readonly [path: string, text: string])[],
): ReadonlyMap<number, readonly string[]> {
  const places = new Map<number, string[]>();
  for (const [path, text] of files) {
    for (const { line, text: decimal, value } of longDecimals(text)) {
      const nearest = Math.fround(value);
      places.set(nearest, [...(places.get(nearest) ?? []), `${path}:${line} ${decimal}`]);
    }
  }
  return places;
}
