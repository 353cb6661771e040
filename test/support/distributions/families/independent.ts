import { dirichlet, gamma, independent, normal, uniform, vonMises } from "../../../../src/index.ts";
import { ofVectors, wrongly } from "../description.ts";

export default ofVectors({
  name: "independent",
  draw: (r) => independent([gamma(r.size(), r.size()), normal(r.location(), r.size())]),
  sampled: [
    [
      independent([gamma(2, 1), uniform(0, 1), vonMises(1, 4)]),
      [
        { weights: [1, 0, 0], is: gamma(2, 1) },
        { weights: [0, 1, 0], is: uniform(0, 1) },
        { weights: [0, 0, 1], is: vonMises(1, 4) },
      ],
    ],
  ],
  modes: [[independent([normal(1, 2), dirichlet([1, 1])]), [1, 0, 1]]],
  refusals: [
    [() => independent([]), "independent: distributions must be an array of at least one item, got an array of 0"],
    [
      () => independent([wrongly(3)]),
      "independent: distributions[0] must be a distribution such as normal(0, 1), got 3",
    ],
    [
      () => independent([normal(0, 1)]).logProb([0, 1]),
      "independent.logProb: x must be an array of 1 numbers, got an array of 2",
    ],
    [
      () => independent([normal(0, 1)]).logProb(wrongly(0)),
      "independent.logProb: x must be an array of 1 numbers, got 0",
    ],
  ],
});
