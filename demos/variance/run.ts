import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Engine, Estimate, Snapshot } from "../../src/index.ts";
import { messageOf } from "../shared/backend-words.ts";
import { type Question, rungs, type Settings } from "./model.ts";
import { estimate, samplesOf } from "./source.ts";

/** The estimate after so many samples. */
export interface Rung {
  readonly samples: number;
  readonly estimate: Estimate;
  /** Samples a second over this rung's share of the run; undefined where it was too short to time. */
  readonly rate: number | undefined;
}

export type Phase = "idle" | "running" | "paused" | "done";

/** Where a run stands. */
export interface Progress {
  readonly phase: Phase;
  readonly rungs: readonly Rung[];
  /** Samples so far, inside a rung too. */
  readonly samples: number;
  /** Wall time spent sampling. */
  readonly seconds: number;
  /** Samples a second, over the last progress. */
  readonly rate: number | undefined;
}

/** What has to be done, and timed, while the run stands still after so many samples. */
export type Between = (samples: number) => Promise<void>;

/** Milliseconds a rung stands at least, where the reader is to see each. */
const dwell = 90;

/**
 * One run that doubles its samples until it meets its target: starts, pauses with a snapshot, resumes from it with the
 * same bits, cancels. Each rung is one call of the library that goes on where the last ended.
 */
export class RunController implements ReactiveController {
  phase: Phase = "idle";
  rungs: readonly Rung[] = [];
  samples = 0;
  seconds = 0;
  rate: number | undefined;
  failure: unknown;
  readonly #host: ReactiveControllerHost;
  #abort: AbortController | undefined;
  #snapshot: Snapshot | undefined;
  #between: Between | undefined;
  #question: { question: Question; seed: number; target: number } | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.pause();
  }

  get progress(): Progress {
    const { phase, rungs, samples, seconds, rate } = this;
    return { phase, rungs, samples, seconds, rate };
  }

  /** Whether it ended at its target and could be given another. */
  get canGoOn(): boolean {
    return this.phase === "done" && this.#snapshot !== undefined;
  }

  get latest(): Rung | undefined {
    return this.rungs.at(-1);
  }

  /** Samples a second of the longest rung that was long enough to time. */
  get bestRate(): number | undefined {
    const rates = this.rungs.flatMap(({ rate }) => (rate === undefined ? [] : [rate]));
    return rates.length > 0 ? Math.max(...rates) : undefined;
  }

  /**
   * Begins anew, up to so many samples; `calm` leaves the reader time to see each rung. After each rung it waits for
   * what `between` gives.
   */
  start(engine: Engine, settings: Settings, most: number, calm: boolean, between?: Between): Promise<void> {
    this.reset();
    this.#between = between;
    const { formula, family, a, b, seed } = settings;
    this.#question = { question: { formula, family, a, b }, seed, target: most };
    return this.#go(engine, calm);
  }

  /** Goes on where a pause, or a smaller target, left it. */
  resume(engine: Engine, most: number, calm: boolean, between?: Between): Promise<void> {
    if (!this.#question) return Promise.resolve();
    this.#between = between;
    this.#question = { ...this.#question, target: most };
    return this.#go(engine, calm);
  }

  pause(): void {
    if (this.phase !== "running") return;
    this.#abort?.abort();
    this.#enter("paused");
  }

  /** Ends the run where it is; what it found stays on the page. */
  cancel(): void {
    this.#abort?.abort();
    this.#abort = undefined;
    this.#snapshot = undefined;
    this.samples = this.latest?.samples ?? 0;
    this.#enter(this.rungs.length > 0 ? "done" : "idle");
  }

  /** Forgets everything. */
  reset(): void {
    this.#abort?.abort();
    this.#abort = undefined;
    this.rungs = [];
    this.samples = 0;
    this.seconds = 0;
    this.rate = undefined;
    this.failure = undefined;
    this.#snapshot = undefined;
    this.#question = undefined;
    this.#enter("idle");
  }

  async #go(engine: Engine, calm: boolean): Promise<void> {
    const asked = this.#question;
    if (!asked) return;
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.failure = undefined;
    this.#enter("running");
    try {
      for (const samples of rungs(asked.target)) {
        if (samples <= (this.latest?.samples ?? 0)) continue;
        await this.#climb(engine, asked.question, asked.seed, samples, abort.signal);
        if (abort.signal.aborted) return;
        await this.#between?.(samples);
        if (calm && !abort.signal.aborted) await pause(dwell);
        if (abort.signal.aborted) return;
      }
      this.rate = this.bestRate;
      this.#enter("done");
    } catch (error) {
      if (this.#abort !== abort || abort.signal.aborted) return;
      this.failure = error;
      this.#enter("paused");
    }
  }

  /** One rung: from the last snapshot to so many samples. */
  async #climb(engine: Engine, question: Question, seed: number, samples: number, signal: AbortSignal): Promise<void> {
    const started = performance.now();
    const before = samplesOf(this.#snapshot);
    const { seconds } = this;
    const follow = (progress: Estimate) => {
      if (this.#abort?.signal !== signal) return;
      this.#snapshot = progress.snapshot;
      const elapsed = (performance.now() - started) / 1000;
      this.samples = Math.max(this.samples, progress.samples);
      this.seconds = seconds + elapsed;
      this.rate = rateOf(progress.samples - before, elapsed) ?? this.rate;
      this.#host.requestUpdate();
    };
    const resume = before > 0 ? this.#snapshot : undefined;
    const found = await estimate(engine, question, {
      samples,
      seed,
      signal,
      onProgress: follow,
      ...(resume ? { resume } : {}),
    });
    if (this.#abort?.signal !== signal) return;
    const elapsed = (performance.now() - started) / 1000;
    follow(found);
    const rate = rateOf(samples - before, elapsed);
    this.rungs = [...this.rungs, { samples, estimate: found, rate }];
  }

  #enter(phase: Phase): void {
    this.phase = phase;
    this.#host.requestUpdate();
  }
}

export function failureInWords(failure: unknown): string {
  return failure === undefined ? "" : messageOf(failure);
}

/** Samples a second; undefined for what is too short to time, or mostly waits for a compiler. */
function rateOf(samples: number, seconds: number): number | undefined {
  return samples >= 2 ** 16 && seconds >= 0.02 ? samples / seconds : undefined;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
