import { DeviceLostError, InputError } from "../core/errors.ts";
import { checkNamesOf, shown } from "../core/options.ts";
import type { Engine } from "../engine/engine.ts";
import { checkEngine } from "../engine/engine.ts";
import type { Machine, Plan } from "../engine/plan.ts";
import { abortError } from "./abort.ts";
import { checkedCall, type Given } from "./checked-call.ts";
import { isCheckpoint, isPrecise } from "./checkpoints.ts";
import type { Estimate, VectorEstimate } from "./estimate.ts";
import { estimateOf } from "./estimate-of.ts";
import { estimatesOf } from "./estimators.ts";
import { exactEstimate } from "./exact.ts";
import { exampleBatch } from "./example.ts";
import type { ExpectationOptions, Formula, Until } from "./options.ts";
import { prepare } from "./prepare.ts";
import { Run } from "./run.ts";
import { blocksIn } from "./snapshot.ts";
import { now } from "./time.ts";

/** The estimate that a kind of `of` gives. */
export type EstimateOf<F> = F extends string
  ? Estimate
  : F extends readonly unknown[]
    ? VectorEstimate
    : F extends (...args: never[]) => infer R
      ? R extends readonly unknown[]
        ? VectorEstimate
        : Estimate
      : never;

export interface ExpectationCallOptions<F extends Formula | readonly Formula[]> extends ExpectationOptions<F> {
  /** Called with the estimate so far after every batch, and once more when the run is aborted. */
  readonly onProgress?: ((estimate: EstimateOf<F>) => void) | undefined;
}

/**
 * E[f(X)] for X of a distribution, by Monte Carlo on the engine: samples are drawn, put through f and summed without ever
 * being stored, so their number costs time and no memory.
 *
 * The same seed gives the same bits whatever the batches, the machine and the backend (where `engine.numerics.exact`);
 * shifted sums of blocks of 2^16 samples are added exactly on the host.
 *
 * @returns the mean with its standard error; a VectorEstimate for a list of functions
 * @throws InputError for options that do not fit, before any work; the platform's AbortError (once drawing has begun, after a last
 *   `onProgress` with a snapshot); DeviceLostError with a snapshot where a lost device cannot be replaced; IntegrityError if
 *   samples went missing; UnsupportedError and KernelError as every call on the engine
 */
export const expectation = Object.assign(expectationOf, {
  /** @internal Plans whose pipelines `engine.prepare` compiles; a formula's own shader compiles with its first batch. */
  preparations: (machine: Machine): readonly Plan[] => [exampleBatch(machine)],
});

async function expectationOf<const F extends Formula | readonly Formula[]>(
  engine: Engine,
  options: ExpectationCallOptions<F>,
): Promise<EstimateOf<F>> {
  let last: EstimateOf<F> | undefined;
  for await (const estimate of progress(engine, options, "expectation")) {
    last = estimate;
    options.onProgress?.(estimate);
  }
  if (last === undefined) throw new InputError("expectation: nothing was drawn");
  return last;
}

/** As `expectation`, but gives the estimate so far after every batch. */
export async function* estimates<const F extends Formula | readonly Formula[]>(
  engine: Engine,
  options: ExpectationCallOptions<F>,
): AsyncGenerator<EstimateOf<F>> {
  yield* progress(engine, options, "estimates");
}

/** @internal The estimate so far after every batch; functions that are given stand for `of`. */
export async function* progress<F extends Formula | readonly Formula[]>(
  engine: Engine,
  options: ExpectationCallOptions<F>,
  where: string,
  given?: Given,
): AsyncGenerator<EstimateOf<F>> {
  checkEngine(engine, where);
  const question = checkedCall(options, where, given);
  if (question.method === "exact") {
    yield exactEstimate(engine, question, options) as EstimateOf<F>;
    return;
  }
  const { signal, resume } = options;
  if (options.onProgress !== undefined && typeof options.onProgress !== "function") {
    throw new InputError(`${where}: onProgress must be a function, got ${shown(options.onProgress)}`);
  }
  const until = checkUntil(options.until, where);
  if (signal?.aborted) throw abortError(signal);
  const started = now();
  const problem = await prepare(engine, question, options);
  const run = new Run(problem.job);
  if (resume !== undefined) {
    const blocks = blocksIn(problem, resume, where);
    if (blocks > 0) run.resume(blocks, resume.tallies);
  }
  const estimate = () => estimateOf(engine, problem, run, now() - started) as EstimateOf<F>;
  const enough = () => {
    if (until === undefined || !isCheckpoint(run.blocks)) return false;
    const { results } = estimatesOf(run.schemeOf(problem.scheme), run.tallies);
    const varying = results.filter((_, k) => problem.scheme.constants[k] !== true);
    return varying.length > 0 && isPrecise(varying, until);
  };
  let told = false;
  try {
    // A run that had stopped here stops here again.
    if (run.blocks > 0 && enough()) {
      yield estimate();
      return;
    }
    for await (const _ of run.go(engine, signal, enough)) {
      told = true;
      yield estimate();
      if (until?.milliseconds !== undefined && now() - started >= until.milliseconds) return;
    }
    if (!told) yield estimate();
  } catch (error) {
    if (signal?.aborted) options.onProgress?.(estimate());
    if (error instanceof DeviceLostError) throw new DeviceLostError(error.message, estimate().snapshot);
    throw error;
  }
}

function checkUntil(until: Until | undefined, where: string): Until | undefined {
  if (until === undefined) return undefined;
  const names = ["standardError", "relativeError", "milliseconds"] as const;
  checkNamesOf(until, names, `${where}: until`);
  for (const name of names) {
    const value = until[name];
    if (value !== undefined && !(typeof value === "number" && value > 0)) {
      throw new InputError(`${where}: until.${name} must be a number > 0, got ${String(value)}`);
    }
  }
  if (names.every((name) => until[name] === undefined)) {
    throw new InputError(`${where}: until needs one of ${names.join(", ")}`);
  }
  return until;
}
