import { InputError } from "../../core/errors.ts";
import { shown } from "../../core/options.ts";
import { call, number, parameter } from "../../expression/expr.ts";
import { select, sub } from "../../expression/simplify.ts";
import { ofOdds, renyiOfOdds } from "../bregman/masses.ts";
import type { Atom, ScalarDistribution, Support } from "../distribution.ts";
import { LOG_ZERO, X } from "../formulas.ts";
import { scalar } from "../make.ts";
import { ofBoth } from "../special/tails.ts";

export interface Bernoulli extends ScalarDistribution {
  readonly name: "bernoulli";
  readonly probability: number;
}

// The rarer value is that of a small variate, where variates are fine enough for any probability.
const RARE_VALUE = parameter("rareValue");
const EVENT = [select(call("lt", X, parameter("rare")), RARE_VALUE, sub(number(1), RARE_VALUE))];
const LOG_DENSITY = select(call("gt", X, number(0.5)), parameter("logSuccess"), parameter("logFailure"));

/**
 * The distribution of 1 with `probability` and 0 else.
 *
 * @throws InputError unless probability is from 0 to 1
 */
export function bernoulli(probability: number): Bernoulli {
  if (!(typeof probability === "number" && probability >= 0 && probability <= 1)) {
    throw new InputError(`bernoulli: probability must be from 0 to 1, got ${shown(probability)}`);
  }
  const p = probability;
  const logs = [Math.log1p(-p), Math.log(p)] as const;
  const support: Support = { kind: "integers", low: p === 1 ? 1 : 0, high: p === 0 ? 0 : 1 };
  const atoms: readonly Atom[] = [
    { value: 0, probability: 1 - p },
    { value: 1, probability: p },
  ];
  const rareValue = p <= 0.5 ? 1 : 0;
  return scalar<Bernoulli>({
    own: {
      name: "bernoulli",
      probability,
      mean: p,
      variance: p * (1 - p),
      logProb: (x) => (x === 1 ? logs[1] : logs[0]),
      mode: () => (p > 0.5 ? 1 : 0),
      entropy: () => (p === 0 || p === 1 ? 0 : -(p * logs[1] + (1 - p) * logs[0])),
      tails: () => ofBoth(1 - p, p),
      icdf: (level) => ((p <= 0.5 ? 1 - level >= p : level <= 1 - p) ? 0 : 1),
    },
    support,
    known: () => ({
      kl: (q) => ofOdds(p, q.probability),
      renyi: (q, alpha) => renyiOfOdds(p, q.probability, alpha),
    }),
    model: () => ({
      variates: ["uniform"],
      event: EVENT,
      logDensity: LOG_DENSITY,
      parameters: {
        rare: rareValue === 1 ? p : 1 - p,
        rareValue,
        logFailure: Math.max(logs[0], LOG_ZERO),
        logSuccess: Math.max(logs[1], LOG_ZERO),
      },
      jumps: true,
    }),
    atoms: () => atoms.filter((atom) => atom.probability > 0),
  });
}
