/** The upper 32 bits of the 64-bit product of two words, as a signed 32-bit number. */
export function mulhi(a: number, b: number): number {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  const middle = (Math.imul(a1, b0) + (Math.imul(a0, b0) >>> 16)) | 0;
  const other = (Math.imul(a0, b1) + (middle & 0xffff)) | 0;
  return (Math.imul(a1, b1) + (middle >>> 16) + (other >>> 16)) | 0;
}

/**
 * Philox4x32 with 10 rounds (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC 2011;
 * the constants are those of Random123).
 *
 * Writes the outputs of `quads` counters (c0, c1, c2, c3), (c0, c1, c2, c3) + 1, …, of which (c0, c1) is one 64-bit
 * number, into `out` from place `at`.
 */
export function philoxQuads(
  out: Uint32Array,
  at: number,
  quads: number,
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
): void {
  const end = at + 4 * quads;
  let low = c0 | 0;
  let high = c1 | 0;
  for (let to = at; to < end; to += 4) {
    let x0 = low;
    let x1 = high;
    let x2 = c2 | 0;
    let x3 = c3 | 0;
    let key0 = k0 | 0;
    let key1 = k1 | 0;
    for (let round = 0; round < 10; round++) {
      const y0 = mulhi(x2, 0xcd9e8d57) ^ x1 ^ key0;
      const y2 = mulhi(x0, 0xd2511f53) ^ x3 ^ key1;
      x1 = Math.imul(x2, 0xcd9e8d57);
      x3 = Math.imul(x0, 0xd2511f53);
      x0 = y0;
      x2 = y2;
      key0 = (key0 + 0x9e3779b9) | 0;
      key1 = (key1 + 0xbb67ae85) | 0;
    }
    out[to] = x0;
    out[to + 1] = x1;
    out[to + 2] = x2;
    out[to + 3] = x3;
    low = (low + 1) | 0;
    if (low === 0) high = (high + 1) | 0;
  }
}

/** One output: the four words of counter (c0, c1, c2, c3) under key (k0, k1). */
export function philox4x32(
  out: Uint32Array,
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
): void {
  philoxQuads(out, 0, 1, c0, c1, c2, c3, k0, k1);
}
