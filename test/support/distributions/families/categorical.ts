import { categorical } from "../../../../src/index.ts";
import { ofNumbers } from "../description.ts";

export default ofNumbers({
  name: "categorical",
  draw: (r) => categorical({ logits: r.list(1 + Math.floor(9 * r.uniform()), () => 40 * r.uniform()) }),
  sampled: [categorical([0.1, 0, 0.25, 0.65])],
  examples: [],
  inverts: false,
  far: [[categorical({ logits: [0, -100] }).logCdf(0), -Math.exp(-100)]],
  modes: [[categorical([0.25, 0.375, 0.375]), 1]],
  refusals: [
    [() => categorical([0.5, 0.4]), "categorical: probabilities must add up to 1, got a sum of 0.9"],
    [() => categorical([1.5, -0.5]), "categorical: probabilities must be numbers from 0 to 1, got 1.5 at 0"],
    [() => categorical([]), "categorical: probabilities must be an array of at least one item, got an array of 0"],
    [
      () => categorical({ logits: [0, Number.NaN] }),
      "categorical: logits must be numbers below Infinity, got NaN at 1",
    ],
    [
      () => categorical({ logits: [Number.NEGATIVE_INFINITY] }),
      "categorical: logits must have at least one finite number, got none",
    ],
  ],
});
