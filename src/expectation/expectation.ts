import { DeviceLostError, InputError } from "../core/errors.ts";
import { checkCallback } from "../core/options.ts";
import type { Engine } from "../engine/engine.ts";
import { checkEngine } from "../engine/engine.ts";
import type { Machine, Plan } from "../engine/plan.ts";
import { abortError } from "./abort.ts";
import { type CheckedCall, checkedCall } from "./checked-call.ts";
import { isCheckpoint, isPrecise } from "./checkpoints.ts";
import type { Estimate, VectorEstimate } from "./estimate.ts";
import { estimateOf, estimatesOf } from "./estimate-of.ts";
import { exampleBatch } from "./example.ts";
import { exactEstimate } from "./methods/exact.ts";
import type { ExpectationOptions, Formula } from "./options.ts";
import { piloted, runOf } from "./run.ts";
import { blocksIn, checkResume } from "./snapshot.ts";
import { Sums } from "./sums.ts";
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
  const where = "expectation";
  checkEngine(engine, where);
  const call = checkedCall(options, where);
  return (await lastEstimate(engine, call, options.onProgress as Told | undefined)) as EstimateOf<F>;
}

/** As `expectation`, but gives the estimate so far after every batch. */
export async function* estimates<const F extends Formula | readonly Formula[]>(
  engine: Engine,
  options: ExpectationCallOptions<F>,
): AsyncGenerator<EstimateOf<F>> {
  const where = "estimates";
  checkEngine(engine, where);
  const call = checkedCall(options, where);
  const onProgress = options.onProgress as Told | undefined;
  for await (const estimate of progress(engine, call, onProgress)) {
    onProgress?.(estimate);
    yield estimate as EstimateOf<F>;
  }
}

type Told = (estimate: Estimate | VectorEstimate) => void;

/** The estimate of a whole run; `onProgress` is told the estimate so far after every batch, and once more when the run is aborted. */
export async function lastEstimate(
  engine: Engine,
  call: CheckedCall,
  onProgress: Told | undefined,
): Promise<Estimate | VectorEstimate> {
  let last: Estimate | VectorEstimate | undefined;
  for await (const estimate of progress(engine, call, onProgress)) {
    last = estimate;
    onProgress?.(estimate);
  }
  if (last === undefined) throw new InputError(`${call.where}: nothing was drawn`);
  return last;
}

/** The estimate so far after every batch. An aborted run tells `aborted` what it has before it throws. */
async function* progress(
  engine: Engine,
  call: CheckedCall,
  aborted: Told | undefined,
): AsyncGenerator<Estimate | VectorEstimate> {
  const { where, method, signal, until } = call;
  checkCallback(aborted, "onProgress", where);
  if (signal?.aborted) throw abortError(signal);
  if (method === "exact") {
    yield exactEstimate(engine, call);
    return;
  }
  const started = now();
  const checked = await runOf(call);
  const resumed = call.resume && checkResume(checked, call.resume);
  const run = await piloted(engine, checked);
  const sums = new Sums(run);
  if (resumed) {
    const blocks = blocksIn(run, resumed);
    if (blocks > 0) sums.resume(blocks, resumed.tallies);
  }
  const estimate = () => estimateOf(engine, run, sums, now() - started);
  const enough = () => {
    if (until === undefined || !isCheckpoint(sums.blocks)) return false;
    const { functions } = estimatesOf(sums.schemeOf(run.scheme), sums.tallies);
    const varying = functions.filter((_, k) => run.scheme.constants[k] !== true);
    return varying.length > 0 && isPrecise(varying, until);
  };
  let told = false;
  try {
    // A run that had stopped here stops here again.
    if (sums.blocks > 0 && enough()) {
      yield estimate();
      return;
    }
    for await (const _ of sums.go(engine, signal, enough)) {
      told = true;
      yield estimate();
      if (until?.milliseconds !== undefined && now() - started >= until.milliseconds) return;
    }
    if (!told) yield estimate();
  } catch (error) {
    if (signal?.aborted) aborted?.(estimate());
    if (error instanceof DeviceLostError) throw new DeviceLostError(error.message, estimate().snapshot);
    throw error;
  }
}
