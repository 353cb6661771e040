import type { Engine } from "../engine/engine.ts";
import { number } from "../expression/expr.ts";
import type { Integrand } from "../sampling/integrand.ts";
import type { CheckedCall } from "./checked-call.ts";
import { type Coefficient, plainIntegrand } from "./compose.ts";
import { Run } from "./run.ts";

/** Draws of a pilot run. */
export const PILOT = 16_384;
/** The stream of pilots, beyond those that callers may use; one for all streams, whose coefficients so agree. */
export const PILOT_STREAM = 2 ** 31;

/**
 * The coefficient of a control variate, Cov(f, c) / Var(c), from draws of their own: it is then independent of the samples
 * that it is used on, and the estimate stays unbiased.
 */
export async function pilot(
  engine: Engine,
  question: CheckedCall,
  signal: AbortSignal | undefined,
): Promise<Coefficient> {
  const { control, functions, address, where } = question;
  const base = plainIntegrand(question, [...functions.slice(0, 1), control?.of ?? number(0)], true);
  const integrand: Integrand = { ...base, tallies: { higher: false, products: [[0, 1]], peaks: [] } };
  const run = new Run({
    where,
    integrand,
    address: { ...address, stream: PILOT_STREAM },
    replicates: 1,
    offset: 0,
    draws: PILOT,
  });
  for await (const _ of run.go(engine, signal, () => false)) {
    // The run is one batch.
  }
  const [tally] = run.tallies;
  if (!tally) throw new RangeError("a pilot without a tally");
  const spread = tally.variance(1);
  const covariance = tally.covariance(0);
  // A control that does not vary, or is not finite, is no help and no harm.
  const coefficient = spread > 0 && Number.isFinite(covariance / spread) ? Math.fround(covariance / spread) : 0;
  const correlation = coefficient === 0 ? 0 : covariance / Math.sqrt(spread * tally.variance(0));
  const off = Math.abs(tally.mean(1) - (control?.mean ?? 0)) / Math.sqrt(spread / PILOT);
  return { coefficient, correlation, pilotSamples: PILOT, standardErrorsOff: off };
}
