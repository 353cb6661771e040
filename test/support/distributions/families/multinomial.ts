import { binomial, multinomial, type VectorDistribution } from "../../../../src/index.ts";
import { marginals, ofVectors, wrongly } from "../description.ts";

/** Counts, and those of neighbours together, are binomial. */
function counted(count: number, probabilities: readonly number[]) {
  const of: VectorDistribution = multinomial(count, probabilities);
  const pairs = probabilities.slice(1).map((p, k) => ({
    weights: probabilities.map((_, j) => (j === k || j === k + 1 ? 1 : 0)),
    is: binomial(count, Math.min(1, p + (probabilities[k] ?? 0))),
  }));
  return [of, [...marginals(of, (k) => binomial(count, probabilities[k] ?? 0)), ...pairs]] as const;
}

export default ofVectors({
  name: "multinomial",
  draw: (r) =>
    multinomial(Math.ceil(r.size(4)), { logits: r.list(2 + Math.floor(3 * r.uniform()), () => 9 * r.uniform()) }),
  sampled: [
    counted(6, [0.2, 0.5, 0, 0.3]),
    counted(200, [0.25, 0.001953125, 0.748046875]),
    counted(2 ** 24, [0.375, 0.001953125, 0.123046875, 0.25, 0.25]),
  ],
  modes: [
    [multinomial(10, [0.2, 0.5, 0.3]), [2, 5, 3]],
    [multinomial(3, [0.5, 0.5]), [1, 2]],
    [multinomial(2, [0.125, 0.75, 0.125]), [0, 2, 0]],
    [multinomial(0, [0.5, 0.5]), [0, 0]],
    [multinomial(7, [0, 1]), [0, 7]],
  ],
  refusals: [
    [() => multinomial(2.5, [1]), "multinomial: count must be a whole number from 0 to 2^53 - 1, got 2.5"],
    [() => multinomial(-1, [1]), "multinomial: count must be a whole number from 0 to 2^53 - 1, got -1"],
    [() => multinomial(3, [0.5, 0.4]), "multinomial: probabilities must add up to 1, got a sum of 0.9"],
    [
      () => multinomial(3, { logits: [] }),
      "multinomial: logits must be an array of at least one item, got an array of 0",
    ],
    [
      () => multinomial(3, wrongly({ logits: [0], scale: 1 })),
      "multinomial: there is no option 'scale'; there are logits",
    ],
  ],
});
