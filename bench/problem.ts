/** Logits [rows, classes] and class ids, the same on every run; with what the right answers need, in f64. */
export interface Problem {
  readonly rows: number;
  readonly classes: number;
  readonly logits: Float32Array;
  readonly targets: Int32Array;
  /** log Σ exp of each row. */
  readonly logSums: Float64Array;
}

/** Seeded logits, close to normal with a standard deviation of 4, and seeded targets. */
export function makeProblem(rows: number, classes: number): Problem {
  const random = mulberry32(rows * 31 + classes);
  const logits = new Float32Array(rows * classes);
  for (let i = 0; i < logits.length; i++) {
    logits[i] = (random() + random() + random() + random() - 2) * (4 / Math.sqrt(1 / 3));
  }
  const targets = Int32Array.from({ length: rows }, () => Math.floor(random() * classes));
  return { rows, classes, logits, targets, logSums: logSums(logits, rows, classes) };
}

/** log Σ exp of each row, in f64. */
export function logSums(logits: Float32Array, rows: number, classes: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => {
    const values = logits.subarray(row * classes, (row + 1) * classes);
    let most = Number.NEGATIVE_INFINITY;
    for (const value of values) most = Math.max(most, value);
    let sum = 0;
    for (const value of values) sum += Math.exp(value - most);
    return most + Math.log(sum);
  });
}

/** A small seeded generator of numbers in [0, 1). */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word = (word + Math.imul(word ^ (word >>> 7), word | 61)) ^ word;
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
}
