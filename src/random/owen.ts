/**
 * Nested uniform scramble of a word in base 2 (A. Owen, 1995) under a random 32-bit seed: each bit is flipped or not,
 * as the seed and the more significant bits decide. So a net stays a net, and over the seeds each word is uniform.
 *
 * The word is reversed, so that carries run towards less significant bits, and goes through two polynomials modulo 2^32
 * with coefficients from the seed: odd linear and even higher ones, so that they permute the words modulo each power of
 * two (R. Rivest, 2001). Already a x + b, a odd, would give pairs of words the joint distribution of full scrambling,
 * on which alone the variance of an estimate depends; the higher terms, and the multiplication between, extend that to
 * the flips of larger sets.
 */
export function owenScramble(word: number, seed: number): number {
  const a = mix(seed);
  return scrambled(word, seed, a, mix(a + 0x9e3779b9));
}

/** owenScramble of each word, in place. */
export function owenScrambleAll(words: Uint32Array, seed: number): void {
  const a = mix(seed);
  const b = mix(a + 0x9e3779b9);
  for (let k = 0; k < words.length; k++) words[k] = scrambled(words[k] ?? 0, seed, a, b);
}

function scrambled(word: number, seed: number, a: number, b: number): number {
  const x = reverseBits(word);
  let y = Math.imul(x, b << 1) + (a << 1);
  y = Math.imul(y, x) + ((a >>> 15) | 1);
  y = Math.imul(y, x) + seed;
  y ^= Math.imul(y, 0x3c6ef372);
  let z = Math.imul(y, (b >>> 16) << 1) + ((a >>> 7) | 1);
  z = Math.imul(z, y) + (b >>> 3);
  return reverseBits(z) >>> 0;
}

/** A permutation of the words in which each bit depends on all. */
function mix(word: number): number {
  let x = word;
  x = Math.imul(x ^ (x >>> 16), 0x6a09e667);
  x = Math.imul(x ^ (x >>> 15), 0xbb67ae85);
  return x ^ (x >>> 16);
}

function reverseBits(word: number): number {
  let x = word;
  x = ((x >>> 1) & 0x55555555) | ((x & 0x55555555) << 1);
  x = ((x >>> 2) & 0x33333333) | ((x & 0x33333333) << 2);
  x = ((x >>> 4) & 0x0f0f0f0f) | ((x & 0x0f0f0f0f) << 4);
  x = ((x >>> 8) & 0x00ff00ff) | ((x & 0x00ff00ff) << 8);
  return (x >>> 16) | (x << 16);
}
