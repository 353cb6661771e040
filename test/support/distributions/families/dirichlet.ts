import { beta, dirichlet } from "../../../../src/index.ts";
import { notPositive, ofVectors, wrongly } from "../description.ts";

export default ofVectors({
  name: "dirichlet",
  draw: (r) => dirichlet(r.list(3, () => r.size())),
  sampled: [
    [
      dirichlet([0.5, 2, 3.5]),
      [
        { weights: [1, 0, 0], is: beta(0.5, 5.5) },
        { weights: [0, 1, 0], is: beta(2, 4) },
        { weights: [0, 0, 1], is: beta(3.5, 2.5) },
        { weights: [1, 1, 0], is: beta(2.5, 3.5) },
      ],
    ],
    [
      // Its last share is too near to 1 for f32 to have its distribution.
      dirichlet([0.05, 0.3, 4]),
      [
        { weights: [1, 0, 0], is: beta(0.05, 4.3) },
        { weights: [0, 1, 0], is: beta(0.3, 4.05) },
        { weights: [1, 1, 0], is: beta(0.35, 4) },
      ],
    ],
  ],
  modes: [
    [dirichlet([2, 3, 1]), [1 / 3, 2 / 3, 0]],
    [dirichlet([0.5, 3]), [0, 1]],
    [dirichlet([0.5, 0.7]), [0, 1]],
    [dirichlet([1, 1, 0.5]), [0, 1, 0]],
  ],
  refusals: [
    [() => dirichlet([1]), "dirichlet: concentration must have at least two numbers, got 1"],
    [() => dirichlet([1, -2]), notPositive("dirichlet", "concentration[1]", "-2")],
    [() => dirichlet(wrongly(3)), "dirichlet: concentration must be an array of at least one item, got 3"],
  ],
});
