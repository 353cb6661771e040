import type { Problem } from "./problem.ts";

export const functions = ["softmax", "logSoftmax", "logSumExp", "crossEntropy"] as const;

export type FunctionName = (typeof functions)[number];

/** A contestant: one library on the one device that it computes on. */
export interface Library {
  readonly name: string;
  readonly version: string;
  readonly device: GPUDevice;
  /** Whether a row costs it a whole workgroup, which is slow beyond measure where rows are many and the GPU is none. */
  readonly workgroupPerRow?: boolean;
  /** Puts a problem's data on the device; throws where the library cannot hold it. */
  load(problem: Problem): Promise<Loaded>;
}

/** A problem on a library's device. */
export interface Loaded {
  /** A function of the library on this problem; undefined where it has none. */
  task(name: FunctionName): Promise<Task | undefined>;
  dispose(): void;
}

/** One function on one problem, ready to be called again and again. */
export interface Task<Result = unknown> {
  /** What to know about it, in the table. */
  readonly note?: string;
  /** What is really computed, where a library's nearest function stands in for one that it lacks. */
  readonly computes?: FunctionName;
  /** Starts a call and does not wait for it. */
  call(): Result;
  /** Sees to it that started calls reach the device, for a library that keeps work back. */
  flush(results: readonly Result[]): Promise<void>;
  read(result: Result): Promise<Float32Array>;
  free(result: Result): void;
  dispose(): void;
}
