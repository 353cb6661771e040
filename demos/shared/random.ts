/**
 * Random words that are a pure function of (seed, stream, index), for pictures only: enough to make plausible
 * logits and to draw from a PMF the same way each time a link is opened.
 */
export function wordAt(seed: number, stream: number, index: number): number {
  return scramble(index + scramble(stream + scramble(seed + 0x9e3779b9)));
}

/** A number in (0, 1), never an end, with 32 random bits. */
export function uniformAt(seed: number, stream: number, index: number): number {
  return (wordAt(seed, stream, index) + 0.5) / 2 ** 32;
}

/** A standard normal number, from a pair of words of the stream. */
export function normalAt(seed: number, stream: number, index: number): number {
  const radius = Math.sqrt(-2 * Math.log(uniformAt(seed, stream, 2 * index)));
  return radius * Math.cos(2 * Math.PI * uniformAt(seed, stream, 2 * index + 1));
}

/** Wellons' triple32, a bijection of 32-bit words in which every input bit reaches every output bit. */
function scramble(word: number): number {
  let x = word >>> 0;
  x = Math.imul(x ^ (x >>> 17), 0xed5ad4bb);
  x = Math.imul(x ^ (x >>> 11), 0xac4c1b51);
  x = Math.imul(x ^ (x >>> 15), 0x31848bab);
  return (x ^ (x >>> 14)) >>> 0;
}
