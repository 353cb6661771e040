import type { Answer, Problem } from "../cases/problem.ts";

/** Comparisons are made within a kind: programs for the GPU with each other, and programs for the CPU. */
export type Kind = "webgpu" | "cpu";

export const kinds: readonly Kind[] = ["webgpu", "cpu"];

/** Ours, ours made otherwise, what others made, what anyone would write at first, and what moves or makes as much and does nothing else. */
export const roles = ["ours", "variant", "peer", "baseline", "ceiling"] as const;

export type Role = (typeof roles)[number];

/** One who takes part: a library on the one device that it computes on. */
export interface Contestant {
  readonly name: string;
  readonly kind: Kind;
  readonly role: Role;
  readonly version: string;
  /** Threads of the CPU that it may use, where it is one of those. */
  readonly threads?: number;
  readonly device?: GPUDevice;
  /** Whether a row costs it a whole workgroup in a task: slow beyond measure where rows are many and the GPU is none. */
  workgroupPerRow?(problem: Problem, task: string): boolean;
  /** Puts a problem's data where it computes; undefined where it has no part in such problems. */
  load(problem: Problem): Promise<Loaded | undefined>;
  /** Bytes that it holds at the moment, where it can tell. */
  memory?(): number;
}

/** A problem where a contestant computes. */
export interface Loaded {
  /** Ways to do a task, the quickest of which takes part; none where the contestant has no such function. */
  tasks(name: string): Promise<readonly Task[]>;
  dispose(): void;
}

/** One function on one problem, ready to be called again and again. */
export interface Task {
  /** What to know about it, in the table. */
  readonly note?: string;
  /** Bytes of the results of one call. */
  readonly resultBytes: number;
  /** So many calls, from the first one's start until the last one's result is there; `mark` is called once all are submitted. */
  run(calls: number, mark: () => void): Promise<void>;
  /** The result of one call, for the check; nothing where there is none to check. */
  answer(): Promise<Answer>;
  dispose(): void;
}

/** How to make a contestant; making one loads its code. */
export interface Entry {
  readonly name: string;
  readonly kind: Kind;
  create(): Promise<Contestant>;
}
