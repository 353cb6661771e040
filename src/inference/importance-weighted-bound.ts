import { checkCallback, checkNamesOf, checkWhole, MOST_SAMPLES } from "../core/options.ts";
import type { Engine } from "../engine/engine.ts";
import { checkEngine } from "../engine/engine.ts";
import { abortError } from "../expectation/abort.ts";
import { checkedOptions } from "../expectation/checked-call.ts";
import type { Estimate } from "../expectation/estimate.ts";
import { wholeIntegrand } from "../expectation/integrand.ts";
import { now } from "../expectation/time.ts";
import { add, sub } from "../expression/simplify.ts";
import { logSumExp } from "../rows/log-sum-exp.ts";
import { planSamples } from "../sampling/sample-plan.ts";
import { BoundTally } from "./bound-tally.ts";
import type { BoundOptions } from "./elbo.ts";
import { logWeightOf } from "./log-weight.ts";

export interface ImportanceWeightedBoundOptions
  extends Pick<BoundOptions, "model" | "posterior" | "seed" | "stream" | "offset" | "generator" | "signal"> {
  /** K: how many draws of q a value of the bound takes, up to 2^20. */
  readonly particles: number;
  /** Values of the bound. */
  readonly samples: number;
  /** Called with the estimate so far after every read of values. */
  readonly onProgress?: (bound: Estimate) => void;
}

const WHERE = "importanceWeightedBound";
const NAMES = ["model", "posterior", "particles", "samples", "seed", "stream", "offset", "generator", "signal"];

/** The most log-weights that are in memory at a time: 4 MiB. */
const MOST_WEIGHTS = 2 ** 20;

/**
 * The importance-weighted bound E[log (1/K) Σ_k p(x, z_k) / q(z_k)], z_1 … z_K drawn from q (Y. Burda, R. Grosse and R. Salakhutdinov,
 * Importance Weighted Autoencoders, 2016): the ELBO for K = 1; it never falls as K grows, and goes to log p(x).
 *
 * Value i is of samples i K … i K + K - 1 of q's stream, so bounds of K and of 2 K with half as many values see the same draws, of
 * which that of 2 K is never lower. Log-weights are written to memory, up to 2^20 at a time, and joined by `logSumExp`.
 *
 * @returns an estimate in nats
 * @throws InputError for options that do not fit and a q that reaches beyond the prior's support; the platform's AbortError; all that calls
 *   on the engine throw
 */
export async function importanceWeightedBound(
  engine: Engine,
  options: ImportanceWeightedBoundOptions,
): Promise<Estimate> {
  checkEngine(engine, WHERE);
  checkNamesOf(options, [...NAMES, "onProgress"], WHERE);
  const { model, posterior, onProgress, ...rest } = options;
  checkCallback(onProgress, "onProgress", WHERE);
  const { offset = 0, signal } = rest;
  const particles = checkWhole(rest.particles, 1, MOST_WEIGHTS, WHERE, "particles");
  const samples = checkWhole(rest.samples, 1, Math.floor(MOST_SAMPLES / particles), WHERE, "samples");
  checkWhole(offset, 0, Math.floor(MOST_SAMPLES / particles) - samples, WHERE, "offset");
  const { logLikelihood, logPrior, logPosterior, parameters } = logWeightOf(model, posterior, WHERE);
  const { particles: _, ...sampling } = rest;
  const logWeight = sub(add(logLikelihood, logPrior), logPosterior);
  const checked = checkedOptions({ ...sampling, under: posterior, parameters }, WHERE);
  const call = { ...checked, functions: [logWeight], scalar: true };
  const integrand = wholeIntegrand(call, call.functions);
  const started = now();
  const tally = new BoundTally(call, { integrand, particles, offset });
  while (tally.count < samples) {
    if (signal?.aborted) throw abortError(signal);
    const count = Math.min(Math.floor(MOST_WEIGHTS / particles), samples - tally.count, tally.room);
    const first = (offset + tally.count) * particles;
    const wanted = { address: call.address, first, count: count * particles };
    const plan = planSamples(integrand, [], wanted, engine.machine, WHERE);
    const rows = { ...plan, outputs: { y: { shape: [count, particles], dtype: "f32" } } } as const;
    const weights = engine.run(rows, {}).y;
    const joined = logSumExp(weights);
    weights.dispose();
    const values = await joined.read().finally(() => joined.dispose());
    tally.add(Array.from(values, (value) => value - Math.log(particles)));
    onProgress?.(tally.estimate(engine, (now() - started) / 1_000));
  }
  return tally.estimate(engine, (now() - started) / 1_000);
}
