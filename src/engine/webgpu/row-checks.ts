import { SurprisalError } from "../../core/errors.ts";
import { badRowOf, errorOf, type RowCheck } from "../checks.ts";
import type { PendingErrors } from "../pending-errors.ts";
import type { BufferPool } from "./pool.ts";
import type { Staging } from "./staging.ts";

/** A word in which a kernel reports the first bad row (0: none), and what it asked. */
export interface CheckReport {
  readonly buffer: GPUBuffer;
  readonly check: RowCheck;
  /** Of a call that only recorded: the caller's submit may come at any time, so each read looks again. */
  readonly recorded: boolean;
}

/** Reports that may wait for a read before the engine looks at them itself. */
const MOST_WAITING = 64;

/** Reports of calls that no read has looked at yet. */
export class RowChecks {
  readonly #pool: BufferPool;
  readonly #staging: Staging;
  readonly #pending: PendingErrors;
  #waiting: CheckReport[] = [];

  constructor(pool: BufferPool, staging: Staging, pending: PendingErrors) {
    this.#pool = pool;
    this.#staging = staging;
    this.#pending = pending;
  }

  /** Takes the reports of a call over, with their buffers. */
  add(reports: readonly CheckReport[]): void {
    this.#waiting.push(...reports);
    if (this.#waiting.filter((report) => !report.recorded).length >= MOST_WAITING) this.ask();
  }

  /** Leaves out reports whose buffers are about to go. */
  forget(buffers: readonly GPUBuffer[]): void {
    this.#waiting = this.#waiting.filter((report) => !buffers.includes(report.buffer));
  }

  /** Asks for the reports of the calls so far; reads from now on wait for the answer. */
  ask(): void {
    const asked = this.take();
    if (asked.length > 0) this.settle(asked, this.#staging.words(asked.map((report) => report.buffer)));
  }

  /** Hands the reports so far over to a copy that is about to be submitted; `settle` takes them back. */
  take(): readonly CheckReport[] {
    const asked = this.#waiting;
    this.#waiting = asked.filter((report) => report.recorded);
    return asked;
  }

  /** Called once the copy of these reports' words is submitted: whoever gets a buffer next comes after it. */
  settle(asked: readonly CheckReport[], words: Promise<Uint32Array>): void {
    for (const report of asked) if (!report.recorded) this.#pool.give(report.buffer);
    this.#pending.add(words.then((found) => this.#judge(asked, found), faultOf));
  }

  #judge(asked: readonly CheckReport[], words: Uint32Array): SurprisalError | undefined {
    const bad = asked.filter((_, k) => words[k] !== 0);
    // A recorded call complains once.
    this.#waiting = this.#waiting.filter((report) => !bad.includes(report));
    const [first] = bad;
    if (!first) return undefined;
    return errorOf(first.check, badRowOf(first.check, words[asked.indexOf(first)] ?? 0));
  }
}

/** A mapping that merely fails has lost its device, which is told by other ways. */
function faultOf(error: unknown): SurprisalError | undefined {
  return error instanceof SurprisalError ? error : undefined;
}
