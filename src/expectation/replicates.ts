import { InputError } from "../core/errors.ts";
import { checkNamesOf, checkWhole } from "../core/options.ts";
import type { Engine } from "../engine/engine.ts";
import { checkEngine } from "../engine/engine.ts";
import { checkedCall, NAMES } from "./checked-call.ts";
import type { Scheme } from "./estimate.ts";
import { estimateOfSums, estimatesOf } from "./estimate-of.ts";
import type { EstimateOf } from "./expectation.ts";
import type { FunctionEstimate } from "./function-estimate.ts";
import type { ExpectationOptions, Formula } from "./options.ts";
import { checkStreams, piloted, type Run, runOf } from "./run.ts";
import { REPLICATE } from "./snapshot.ts";
import { Sums } from "./sums.ts";
import { now } from "./time.ts";

export interface ReplicatesOptions<F extends Formula | readonly Formula[]>
  extends Omit<ExpectationOptions<F>, "until" | "resume"> {
  /** How many runs: run r is the expectation on stream + r. */
  readonly replicates: number;
}

/**
 * Independent repetitions of an expectation, in few dispatches: estimate r has the bits that `expectation` gives on stream
 * `stream + r` (or, for Sobol points, is one such run of all its randomisations).
 *
 * @throws InputError for options that do not fit; `until` and `resume` are not for replicates
 */
export async function replicates<const F extends Formula | readonly Formula[]>(
  engine: Engine,
  options: ReplicatesOptions<F>,
): Promise<readonly EstimateOf<F>[]> {
  const where = "replicates";
  checkEngine(engine, where);
  checkNamesOf(options, [...NAMES, "replicates"], where);
  const { replicates: count, ...rest } = options;
  checkWhole(count, 1, 2 ** 20, where, "replicates");
  for (const name of ["until", "resume", "onProgress"]) {
    if ((rest as Record<string, unknown>)[name] !== undefined)
      throw new InputError(`${where}: ${name} is not for replicates; leave it out`);
  }
  const call = checkedCall(rest, where);
  if (call.method === "exact") throw new InputError(`${where}: method "exact" has nothing to repeat`);
  const checked = await runOf(call);
  const each = checked.replicates;
  checkStreams(call.address.stream, count * each, where);
  const started = now();
  const run = await piloted(engine, checked);
  const sums = await sumsOf(engine, run, count);
  const seconds = (now() - started) / 1_000;
  return Array.from({ length: count }, (_, r) => {
    const tallies = sums.tallies.slice(r * each, (r + 1) * each);
    const shifts = tallies.map((_, k) => sums.shiftsOf(r * each + k));
    const scheme: Scheme = { ...run.scheme, stream: call.address.stream + r * each, shifts };
    const snapshot = { version: 1, fingerprint: REPLICATE, scheme, ranges: [], tallies: [], checksum: "" } as const;
    const { samples } = run;
    return estimateOfSums(scheme, tallies, { samples, seconds, backend: engine.backend, snapshot }) as EstimateOf<F>;
  });
}

/** The sums of a run `count` times over, on streams one after another. */
async function sumsOf(engine: Engine, run: Run, count: number): Promise<Sums> {
  const sums = new Sums({ ...run, replicates: run.replicates * count });
  await sums.all(engine, run.call.signal);
  return sums;
}

/** What each of `count` repetitions of a run says of each function. */
export async function repetitionsOf(
  engine: Engine,
  run: Run,
  count: number,
): Promise<readonly (readonly FunctionEstimate[])[]> {
  const { tallies } = await sumsOf(engine, run, count);
  const scheme = { ...run.scheme, shifts: [] };
  return Array.from({ length: count }, (_, r) => {
    return estimatesOf(scheme, tallies.slice(r * run.replicates, (r + 1) * run.replicates)).functions;
  });
}
