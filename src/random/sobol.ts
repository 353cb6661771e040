/** How many coordinates a Sobol point may have: those of the polynomials of degree 13 or less. */
export const SOBOL_DIMENSIONS = 1_111;

/**
 * Coordinate `coordinate` of Sobol point `index` (0 <= index < 2^32), times 2^32. `directions` is what
 * sobolDirections() gives.
 *
 * Points are in direct order: the XOR of the direction words of the index's own bits (I. M. Sobol, 1967). Gray-code
 * order, which other libraries use, visits the same points within each block of 2^m: their point i is our point
 * grayCode(i).
 */
export function sobolWord(directions: Uint32Array, coordinate: number, index: number): number {
  let word = 0;
  let at = coordinate * 32;
  for (let rest = index >>> 0; rest !== 0; rest >>>= 1) {
    word ^= -(rest & 1) & (directions[at++] ?? 0);
  }
  return word >>> 0;
}

/** out[k] = sobolWord(directions, coordinate, first + k), first + out.length <= 2^32. */
export function fillSobolWords(out: Uint32Array, directions: Uint32Array, coordinate: number, first: number): void {
  // From one index to the next, its lowest 0 and the 1s below it change.
  const changes = directions.slice(32 * coordinate, 32 * coordinate + 32);
  for (let bit = 1; bit < 32; bit++) changes[bit] = (changes[bit] ?? 0) ^ (changes[bit - 1] ?? 0);
  let word = sobolWord(directions, coordinate, first);
  for (let k = 0; k < out.length; k++) {
    out[k] = word;
    const next = first + k + 1;
    word ^= changes[31 - Math.clz32(next & -next)] ?? 0;
  }
}

/** The reflected binary code of i < 2^32. */
export function grayCode(i: number): number {
  return (i ^ (i >>> 1)) >>> 0;
}
