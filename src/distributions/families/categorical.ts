import { UnsupportedError } from "../../core/errors.ts";
import { parameter } from "../../expression/expr.ts";
import { add, sub } from "../../expression/simplify.ts";
import { bitsOf, indexOf, picked, placeOf, thresholdsOf } from "../choose.ts";
import { type CategoricalOptions, classProbabilities } from "../class-probabilities.ts";
import type { ScalarDistribution, Support } from "../distribution.ts";
import { LOG_ZERO, X } from "../formulas.ts";
import { type Formulas, scalar } from "../make.ts";
import { ofBoth, type Tails } from "../special/tails.ts";

export type { CategoricalOptions };

export interface Categorical extends ScalarDistribution {
  readonly name: "categorical";
  readonly probabilities: readonly number[];
}

/** Most classes, from the first to the last of positive probability, that formulas choose among. */
export const MOST_CLASSES = 256;

/**
 * The distribution of a class id, 0 … classes - 1: `mean`, `variance` and `cdf` are those of the id as a number.
 *
 * Sampled probabilities are exact to 2^-24, and a class of probability 0 is never drawn.
 *
 * @param of - probabilities that add up to 1 within 1e-6, or logits, where -Infinity hides a class
 * @throws InputError for others; UnsupportedError, when it is sampled, for more than 256 classes from the first to the last of
 * positive probability
 */
export function categorical(of: CategoricalOptions): Categorical {
  const probabilities = Object.freeze([...classProbabilities(of, "categorical")]);
  const logs = probabilities.map(Math.log);
  const support: Support = {
    kind: "integers",
    low: probabilities.findIndex((p) => p > 0),
    high: probabilities.findLastIndex((p) => p > 0),
  };
  const below = sumsOf(probabilities);
  const beyond = [...sumsOf(probabilities.toReversed()).toReversed().slice(1), 0];
  const tails = (k: number): Tails => {
    const [lower = 1, upper = 0] = [below[k], beyond[k]];
    return lower < upper ? ofBoth(lower, 1 - lower) : ofBoth(1 - upper, upper);
  };
  const mean = probabilities.reduce((sum, p, k) => sum + p * k, 0);
  return scalar<Categorical>({
    own: {
      name: "categorical",
      probabilities,
      mean,
      variance: probabilities.reduce((sum, p, k) => sum + p * (k - mean) ** 2, 0),
      logProb: (x) => logs[x] ?? Number.NEGATIVE_INFINITY,
      mode: () => probabilities.indexOf(probabilities.reduce((most, p) => Math.max(most, p), 0)),
      entropy: () => -probabilities.reduce((sum, p, k) => sum + (p > 0 ? p * (logs[k] ?? 0) : 0), 0),
      tails,
      icdf: (p) => probabilities.findIndex((_, k) => (p <= 0.5 ? tails(k).lower >= p : tails(k).upper <= 1 - p)),
    },
    support,
    model: () => modelOf(probabilities, logs, support),
    atoms: () => probabilities.flatMap((probability, value) => (probability > 0 ? [{ value, probability }] : [])),
  });
}

function sumsOf(probabilities: readonly number[]): readonly number[] {
  let sum = 0;
  return probabilities.map((p) => {
    sum += p;
    return sum;
  });
}

function modelOf(all: readonly number[], logs: readonly number[], support: Support): Formulas {
  const { low, high } = support;
  const count = high - low + 1;
  if (count > MOST_CLASSES) {
    throw new UnsupportedError(
      "limits",
      `categorical: formulas choose among at most ${MOST_CLASSES} classes from the first to the last of positive probability, ` +
        `got ${count}; a sum over the classes needs no samples`,
    );
  }
  const parameters: Record<string, number> = { first: low };
  const named = (name: string, value: number) => {
    parameters[name] = value;
    return parameter(name);
  };
  const first = parameter("first");
  const thresholds = thresholdsOf(all.slice(low, high + 1)).map((sum, k) => named(`below_${k + 1}`, sum));
  const masses = logs.slice(low, high + 1).map((value, k) => named(`logMass_${k}`, Math.max(value, LOG_ZERO)));
  return {
    variates: ["uniform"],
    event: [add(first, indexOf(placeOf(X, thresholds)))],
    logDensity: picked(bitsOf(sub(X, first), count), masses),
    parameters,
    jumps: true,
  };
}
