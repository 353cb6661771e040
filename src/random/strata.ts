import { mulhi } from "./philox.ts";

const WORDS = 2 ** 32;

/**
 * The 32-bit words are divided into S strata, 1 <= S <= 2^31: stratum k has the words from t(k) = floor(k 2^32 / S) to
 * t(k + 1), the latter excluded. Moves a random word w into stratum k < S: t(k) + floor((t(k + 1) - t(k)) w / 2^32).
 */
export function stratumWord(k: number, w: number, S: number): number {
  if (S === 1) return w >>> 0;
  const start = boundary(k, S);
  return (start + mulhi(boundary(k + 1, S) - start, w)) >>> 0;
}

/** floor(k 2^32 / S), exactly. */
function boundary(k: number, S: number): number {
  // The quotient may round up to a whole number, and then there is a remainder below 0; it cannot round down past one.
  const guess = Math.floor((k * WORDS) / S);
  return -Math.imul(guess, S) >>> 0 < S ? guess : guess - 1;
}

/**
 * What shaders/lib/strata.wgsl wants to know of S: S itself, and the integer part (0 in place of 2^32) and the first 32
 * fractional bits of 2^32 / S.
 */
export function strataParams(S: number): readonly [count: number, width: number, fraction: number] {
  const ratio = (1n << 64n) / BigInt(S);
  return [S, Number(BigInt.asUintN(32, ratio >> 32n)), Number(BigInt.asUintN(32, ratio))];
}
