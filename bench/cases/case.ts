import type { Answer, Problem } from "./problem.ts";

/** What a kernel that wastes nothing would do, and which ceiling it is held against. */
export interface Work {
  readonly unit: "GB/s" | "10⁶ samples/s" | "";
  /** Bytes or samples of one call. */
  readonly amount: number;
  readonly ceiling: "copy" | "read" | "words" | "round trip";
}

/** How far an answer is from the truth. */
export interface Verdict {
  /** The largest error, relative or as `judge` of the case says. */
  readonly error: number;
  /** Of a mean: its distance from the truth in standard errors. */
  readonly standardErrors?: number;
}

/** One question to all contestants. */
export interface Case {
  /** Its name without blanks, such as "softmax/4096x1024": what `--case` looks for. */
  readonly id: string;
  readonly title: string;
  /** The function that contestants are asked for, on the problem of the part. */
  readonly task: string;
  readonly work: Work;
  judge(answer: Answer): Verdict;
}

/** Cases on one problem: what a page does before it is loaded afresh. */
export interface Part {
  readonly name: string;
  /** The ids of its cases, which are known without the data. */
  readonly ids: readonly string[];
  /** Makes the data. */
  make(): { readonly problem: Problem; readonly cases: readonly Case[] };
}

/** Distance from the truth, relative where that is more than 1. */
export function errorOf(got: number | undefined, want: number): number {
  return Math.abs((got ?? Number.NaN) - want) / Math.max(1, Math.abs(want));
}

/** The larger, where NaN is largest of all. */
export function larger(a: number, b: number): number {
  return a > b || Number.isNaN(a) ? a : b;
}
