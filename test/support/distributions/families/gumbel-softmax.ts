import { integrate } from "../../../../src/distributions/special/adaptive.ts";
import { type GumbelSoftmax, gumbelSoftmax, logistic, type ScalarDistribution } from "../../../../src/index.ts";
import { marginals, notPositive, ofVectors, wrongly } from "../description.ts";

const [cold, warm, hot] = [
  gumbelSoftmax(0.1, { logits: [0, 1, 6] }),
  gumbelSoftmax(0.5, [0.2, 0.3, 0.5]),
  gumbelSoftmax(50, [0.2, 0.3, 0.5]),
];

export default ofVectors({
  name: "gumbelSoftmax",
  draw: (r) => gumbelSoftmax(r.size(), { logits: r.list(3, () => r.location(1)) }),
  // By logarithms, which are known where shares are near 0 and 1, and about a centre.
  sampled: [
    [cold, marginals(cold, (k) => shareOf(cold, k))],
    [warm, marginals(warm, (k) => shareOf(warm, k))],
    [hot, marginals(hot, (k) => shareOf(hot, k))],
  ],
  modes: [
    [gumbelSoftmax(1.5, [0.5, 0.5]), [0.5, 0.5]],
    [gumbelSoftmax(0.5, [0.9, 0.1]), [0, 1]],
    [gumbelSoftmax(1, [0.9, 0.1]), [1, 0]],
    [gumbelSoftmax(1, [0.5, 0.5]), [0, 1]],
    [gumbelSoftmax(0.25, [0.2, 0.3, 0.5]), [0, 0, 1]],
    // The probabilities are in the proportions of x³ (4 / 3 - x).
    [gumbelSoftmax(3, proportional([0.25, 0.25, 0.5].map((x) => x ** 3 * (4 / 3 - x)))), [0.25, 0.25, 0.5]],
    [
      gumbelSoftmax(2.25, proportional([0.03125, 0.15625, 0.8125].map((x) => x ** 2.25 * (13 / 12 - x)))),
      [0.03125, 0.15625, 0.8125],
    ],
  ],
  refusals: [
    [() => gumbelSoftmax(0, [0.5, 0.5]), notPositive("gumbelSoftmax", "temperature", "0")],
    [() => gumbelSoftmax(1, [1]), "gumbelSoftmax: needed at least two classes, got 1"],
    [() => gumbelSoftmax(1, [0, 1]), notPositive("gumbelSoftmax", "the probability of class 0", "0")],
    [
      () => gumbelSoftmax(1, { logits: [200, 0] }),
      notPositive("gumbelSoftmax", "the probability of class 1", "1.3838965267367376e-87"),
    ],
    [() => gumbelSoftmax(1, [0.5, 0.4]), "gumbelSoftmax: probabilities must add up to 1, got a sum of 0.9"],
    [
      () => gumbelSoftmax(1, { logits: [0, Number.NaN] }),
      "gumbelSoftmax: logits must be numbers below Infinity, got NaN at 1",
    ],
    [() => gumbelSoftmax(1, wrongly(3)), "gumbelSoftmax: probabilities must be an array of at least one item, got 3"],
  ],
});

function proportional(sizes: readonly number[]): readonly number[] {
  const sum = sizes.reduce((total, size) => total + size, 0);
  return sizes.map((size) => size / sum);
}

/**
 * The distribution of one share of two or three, from exponential variates E: x[k] is below x where the others' (p / E)^(1 / t), as ratios to its own,
 * add up to more than 1 / x - 1. The first one's ratio of E is integrated over; beside it, the second one's has density 1 / (1 + r)².
 */
function shareOf({ temperature, probabilities }: GumbelSoftmax, k: number): ScalarDistribution {
  const [first = 0, second = 0] = probabilities.filter((_, j) => j !== k).map((p) => p / (probabilities[k] ?? 1));
  const cdf = (x: number) => {
    if (x >= 1) return 1;
    const rest = 1 / x - 1;
    // Up to here the first one is enough.
    const least = first * rest ** -temperature;
    if (second === 0) return least / (1 + least);
    const density = (log: number) => {
      const ratio = least * Math.exp(log);
      const others = second * (rest * -Math.expm1(-log / temperature)) ** -temperature;
      return ratio / (1 + ratio + others) ** 2;
    };
    const middle = Math.max(1, -Math.log(least));
    return 1 - integrate(density, [0, 0.1, middle, middle + 40], 1e-7).value;
  };
  return { ...logistic(0, 1), cdf: cdf as ScalarDistribution["cdf"] };
}
