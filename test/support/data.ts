import { exhaustive } from "./exhaustive.ts";

/** Rows of logits, row-major. */
export interface Batch {
  readonly data: Float32Array;
  readonly rows: number;
  readonly classes: number;
}

/** Uniform numbers in [0, 1), the same ones for the same seed (Mulberry32). */
export function randomSource(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Logits spread evenly over [-range, range). */
export function uniformBatch(seed: number, rows: number, classes: number, range: number): Batch {
  const random = randomSource(seed);
  const data = Float32Array.from({ length: rows * classes }, () => range * (2 * random() - 1));
  return { data, rows, classes };
}

/** Whole numbers in [0, below), one a row. */
export function randomIds(seed: number, rows: number, below: number): Int32Array {
  const random = randomSource(seed);
  return Int32Array.from({ length: rows }, () => Math.floor(random() * below));
}

/** Flags of which about `share` are true, the first of each row among them. */
export function randomMask(seed: number, rows: number, classes: number, share: number): boolean[] {
  const random = randomSource(seed);
  return Array.from({ length: rows * classes }, (_, k) => random() < share || k % classes === 0);
}

/** Probabilities, each row with sum 1 and about half of them 0. */
export function randomProbabilities(seed: number, rows: number, classes: number): Float32Array {
  const random = randomSource(seed);
  const raw = Float64Array.from({ length: rows * classes }, (_, k) =>
    k % classes === 0 || random() < 0.5 ? random() ** 3 + 1e-3 : 0,
  );
  const totals = Array.from({ length: rows }, (_, row) =>
    raw.subarray(row * classes, (row + 1) * classes).reduce((sum, value) => sum + value, 0),
  );
  return Float32Array.from(raw, (value, k) => value / (totals[Math.floor(k / classes)] ?? 1));
}

/** Rows made one by one: `rows[r](c)` is the logit of class c. */
export function batchOf(rows: readonly ((c: number) => number)[], classes: number): Batch {
  const data = new Float32Array(rows.length * classes);
  rows.forEach((logit, row) => {
    for (let c = 0; c < classes; c++) data[row * classes + c] = logit(c);
  });
  return { data, rows: rows.length, classes };
}

/** The batch's rows again and again until there are `rows` of them. */
export function repeated(batch: Batch, rows: number): Batch {
  const data = Float32Array.from(
    { length: rows * batch.classes },
    (_, k) => batch.data[k % batch.data.length] ?? Number.NaN,
  );
  return { data, rows, classes: batch.classes };
}

/**
 * Rows that try a sum of exponentials in different ways: small, middling and large random logits; a peak whose
 * V - 1 equal rivals lie 1 to 11 below it, so that each adds to a sum it cannot be seen in; and rows that
 * rise or fall so slowly that every stretch of them has a new maximum.
 */
export function hardRows(classes: number): Batch {
  const random = [1, 25, 80].map((range) => uniformBatch(classes + range, 1, classes, range).data);
  const even = [...random.map((row) => (c: number) => row[c] ?? 0)];
  const peaks = Array.from({ length: 11 }, (_, k) => {
    const at = Math.floor((classes * k) / 11);
    return (c: number) => (c === at ? 3 : 2 - k);
  });
  const slopes = [1e-4, 1 / 4_096, 0.013, -0.013].map(
    (slope) => (c: number) => Math.max(-60, slope * (c - classes / 2)),
  );
  return batchOf([...even, ...peaks, ...slopes], classes);
}

/** Class counts around every edge of quads, lanes, chunks and segments, and those of known models. */
const ALL_COUNTS = [
  1, 2, 3, 7, 31, 32, 33, 100, 255, 256, 257, 1_000, 1_024, 4_095, 4_096, 4_097, 32_000, 32_064, 50_257, 131_072,
];

/** Each edge once: no whole quad; a chunk of quads less one value, whole, and one more; of whole quads or not, split or not, and the longest. */
const SOME_COUNTS = [1, 3, 31, 32, 33, 256, 1_023, 4_097, 131_072];

/** The f64 CPU engine is slow, and has no layouts to try. */
export function classCounts(on: "webgpu" | "cpu"): readonly number[] {
  const counts = exhaustive ? ALL_COUNTS : SOME_COUNTS;
  return on === "cpu" ? counts.filter((classes) => classes <= 4_097) : counts;
}
