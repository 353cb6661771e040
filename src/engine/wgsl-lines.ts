// Helpers of what writes WGSL line by line: registers cannot be indexed, so each has a name.

/** Terms joined two by two, so that rounding errors do not pile up. */
export function tree(terms: readonly string[], join: (a: string, b: string) => string = plus): string {
  if (terms.length === 1) return terms[0] ?? "";
  const half = terms.length >> 1;
  return join(tree(terms.slice(0, half), join), tree(terms.slice(half), join));
}

const plus = (a: string, b: string) => `(${a} + ${b})`;
/** The larger of two terms. */
export const larger = (a: string, b: string) => `max(${a}, ${b})`;

/** `make(0)` to `make(count - 1)`. */
export function each<T>(count: number, make: (k: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, k) => make(k));
}

/** The places of a lower triangle, row by row. */
export function lowerOf(d: number): readonly (readonly [i: number, j: number])[] {
  return each(d, (i) => each(i + 1, (j) => [i, j] as const)).flat();
}

/** The elements of row `r` among the vec4s `name`0, `name`1 … that four rows of `d` values fill. */
export function rowsOfGroups(d: number, name: string, r: number): readonly string[] {
  return each(d, (i) => `${name}${(r * d + i) >> 2}.${"xyzw"[(r * d + i) & 3]}`);
}
