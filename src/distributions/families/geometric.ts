import { InputError, UnsupportedError } from "../../core/errors.ts";
import { shown } from "../../core/options.ts";
import { call, parameter } from "../../expression/expr.ts";
import { add, div, mul } from "../../expression/simplify.ts";
import { logQuotient } from "../bregman/generators.ts";
import { ofOdds, renyiOfGeometrics } from "../bregman/masses.ts";
import type { ScalarDistribution, Support } from "../distribution.ts";
import { LOG_ZERO, log, X } from "../formulas.ts";
import { type Formulas, scalar } from "../make.ts";
import { ofHazard } from "../special/tails.ts";

export interface Geometric extends ScalarDistribution {
  readonly name: "geometric";
  readonly probability: number;
}

// Where u lies among the powers of 1 - probability: a small u is far out.
const EVENT = [call("floor", div(log(X), parameter("logFailure")))];
const LOG_DENSITY = add(parameter("logSuccess"), mul(X, parameter("logFailure")));

/** Below this, a sample in 2^64 would not be a whole number that f32 holds. */
const LEAST = (64 * Math.LN2) / 2 ** 24;

/**
 * The geometric distribution: failures before the first success of trials that each succeed with `probability`.
 *
 * @throws InputError unless probability is above 0 and at most 1; UnsupportedError, when it is sampled, below 2.7e-6
 */
export function geometric(probability: number): Geometric {
  if (!(typeof probability === "number" && probability > 0 && probability <= 1)) {
    throw new InputError(`geometric: probability must be above 0 and at most 1, got ${shown(probability)}`);
  }
  const p = probability;
  const logFailure = Math.log1p(-p);
  const support: Support = { kind: "integers", low: 0, high: p === 1 ? 0 : Number.POSITIVE_INFINITY };
  return scalar<Geometric>({
    own: {
      name: "geometric",
      probability,
      mean: (1 - p) / p,
      variance: (1 - p) / p / p,
      logProb: (k) => (k === 0 ? 0 : k * logFailure) + Math.log(p),
      mode: () => 0,
      entropy: () => (p === 1 ? 0 : -((1 - p) / p) * logFailure - Math.log(p)),
      tails: (k) => ofHazard((k + 1) * -logFailure, Math.log(k + 1) + Math.log(-logFailure)),
      icdf: (level) => leastReaching(level, logFailure),
    },
    support,
    known: () => ({
      moments: () => ({}),
      meanLog: ({ mean }) => mean * logFailure + Math.log(p),
      fall: () => ({ limit: logFailure, isConvex: false }),
      // Each of the 1 / p trials that are expected tells as much.
      kl: (q) => ofOdds(p, q.probability) / p,
      renyi: (q, alpha) => renyiOfGeometrics(p, q.probability, alpha),
      // log p / q is linear in the count: it is largest at 0, or has no bound.
      mostOver: (q) => (p >= q.probability ? logQuotient(p, q.probability) : Number.POSITIVE_INFINITY),
    }),
    model: () => modelOf(p, logFailure),
  });
}

// The division may round past a whole number.
function leastReaching(level: number, logFailure: number): number {
  const near = Math.ceil(Math.log1p(-level) / logFailure) - 1;
  const reaches = (k: number) =>
    level <= 0.5 ? -Math.expm1((k + 1) * logFailure) >= level : Math.exp((k + 1) * logFailure) <= 1 - level;
  return Math.max(0, reaches(near) ? (near > 0 && reaches(near - 1) ? near - 1 : near) : near + 1);
}

function modelOf(p: number, logFailure: number): Formulas {
  if (p < LEAST) {
    throw new UnsupportedError(
      "limits",
      `geometric: engines draw and weigh it in 32-bit floats, which hold its whole numbers for probabilities from 2.7e-6, got ${p}; the logProb, cdf and moments of numbers have no such limit, and exponential(probability), rounded down, is close to it`,
    );
  }
  return {
    variates: ["uniform"],
    event: EVENT,
    logDensity: LOG_DENSITY,
    parameters: { logFailure: Math.max(logFailure, LOG_ZERO), logSuccess: Math.log(p) },
    jumps: true,
  };
}
