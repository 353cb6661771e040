/** Words that a statistic is given at a time. */
export const BLOCK = 2 ** 16;

/**
 * A test's p-value: the probability, if the words are random, of a statistic at least this large. Near 0 the words are
 * too irregular or too dependent, near 1 too regular.
 */
export interface Result {
  readonly test: string;
  readonly p: number;
}

/** A test that sees the words once, block by block. */
export interface Statistic {
  add(words: Uint32Array): void;
  results(): readonly Result[];
}

/** Number of ones among the 32 bits. */
export function weight(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
