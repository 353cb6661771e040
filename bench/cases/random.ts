/** A small seeded generator of numbers in [0, 1): mulberry32. */
export function uniforms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word = (word + Math.imul(word ^ (word >>> 7), word | 61)) ^ word;
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** f32 numbers close to normal, as sums of four uniforms are. */
export function bellShaped(count: number, deviation: number, seed: number): Float32Array {
  const random = uniforms(seed);
  const scale = deviation / Math.sqrt(1 / 3);
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = (random() + random() + random() + random() - 2) * scale;
  return values;
}
