import { InputError } from "../core/errors.ts";
import { checkNamesOf, checkWhole } from "../core/options.ts";
import type { Engine } from "../engine/engine.ts";
import { checkEngine } from "../engine/engine.ts";
import { checkedCall, NAMES } from "./checked-call.ts";
import type { Scheme } from "./estimate.ts";
import { estimateOfRun } from "./estimate-of.ts";
import { estimatesOf, type Result } from "./estimators.ts";
import type { EstimateOf } from "./expectation.ts";
import type { ExpectationOptions, Formula } from "./options.ts";
import { prepare, prepareUnsupplied } from "./prepare.ts";
import { checkStreams, type PreparedRun } from "./prepared-run.ts";
import { Run } from "./run.ts";
import { REPLICATE } from "./snapshot.ts";
import { now } from "./time.ts";

export interface ReplicatesOptions<F extends Formula | readonly Formula[]> extends ExpectationOptions<F> {
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
    if (Object.hasOwn(rest, name)) throw new InputError(`${where}: ${name} is not for replicates; leave it out`);
  }
  const question = checkedCall(rest, where);
  if (question.method === "exact") throw new InputError(`${where}: method "exact" has nothing to repeat`);
  const asked = prepareUnsupplied(question, rest);
  checkStreams(question.address.stream, count * asked.job.replicates, where);
  const started = now();
  const problem = await prepare(engine, question, rest);
  const runs = await runAll(engine, problem, count, rest.signal);
  const seconds = (now() - started) / 1_000;
  const { samples, job } = problem;
  return Array.from({ length: count }, (_, r) => {
    const tallies = runs.tallies.slice(r * job.replicates, (r + 1) * job.replicates);
    const shifts = tallies.map((_, k) => runs.shiftsOf(r * job.replicates + k));
    const stream = question.address.stream + r * job.replicates;
    const scheme: Scheme = { ...problem.scheme, stream, shifts };
    const snapshot = () => ({
      version: 1 as const,
      fingerprint: REPLICATE,
      scheme,
      ranges: [],
      tallies: [],
      checksum: "",
    });
    return estimateOfRun(scheme, tallies, { samples, seconds, backend: engine.backend, snapshot }) as EstimateOf<F>;
  });
}

/** Runs a problem `count` times over, on streams one after another. */
async function runAll(
  engine: Engine,
  problem: PreparedRun,
  count: number,
  signal: AbortSignal | undefined,
): Promise<Run> {
  const run = new Run({ ...problem.job, replicates: problem.job.replicates * count });
  for await (const _ of run.go(engine, signal, () => false)) {
    // Nothing to tell until all are there.
  }
  return run;
}

/** The results of each of `count` repetitions of a problem. */
export async function resultsOf(
  engine: Engine,
  problem: PreparedRun,
  count: number,
  signal: AbortSignal | undefined,
): Promise<readonly (readonly Result[])[]> {
  const run = await runAll(engine, problem, count, signal);
  const each = problem.job.replicates;
  return Array.from({ length: count }, (_, r) => {
    const scheme = { ...problem.scheme, shifts: [] };
    return estimatesOf(scheme, run.tallies.slice(r * each, (r + 1) * each)).results;
  });
}
