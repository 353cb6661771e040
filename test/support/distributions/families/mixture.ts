import { bernoulli, categorical, gamma, laplace, mixture, normal } from "../../../../src/index.ts";
import { ofNumbers } from "../description.ts";

export default ofNumbers({
  name: "mixture",
  draw: (r) => mixture([0.25, 0.75], [normal(r.location(3), r.size(3)), gamma(r.size(3), r.size(3))]),
  sampled: [mixture([0.25, 0.75], [gamma(3, 2), normal(-1, 0.5)])],
  examples: [],
  inverts: false,
  far: [[mixture([0.25, 0.75], [normal(0, 1), laplace(0, 1)]).logSurvival(1e300), -1e300]],
  modes: [[mixture([0.5, 0.5], [categorical([0.5, 0.5]), categorical([0, 1])]), 1]],
  refusals: [
    [() => mixture([1], [normal(0, 1), normal(1, 1)]), "mixture: weights must be as many as components, 2, got 1"],
    [
      () => mixture([0.5, 0.5], [normal(0, 1), bernoulli(0.5)]),
      "mixture: components must all be [] of numbers as the first is, got [] of whole numbers at 1",
    ],
  ],
});
