import { bernoulli } from "../../../../src/index.ts";
import { ofNumbers } from "../description.ts";

export default ofNumbers({
  name: "bernoulli",
  draw: (r) => bernoulli(r.probability()),
  sampled: [bernoulli(0.3)],
  examples: [],
  inverts: false,
  far: [[bernoulli(1e-20).logCdf(0), -1e-20]],
  modes: [
    [bernoulli(0.5), 0],
    [bernoulli(0.6), 1],
  ],
  refusals: [[() => bernoulli(1.5), "bernoulli: probability must be from 0 to 1, got 1.5"]],
});
