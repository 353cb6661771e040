import { uniform } from "../../../../src/index.ts";
import { notPositive, ofNumbers } from "../description.ts";

export default ofNumbers({
  name: "uniform",
  draw: (r) => uniform(...r.interval()),
  sampled: [uniform(-2, 3)],
  examples: [],
  inverts: true,
  far: [[uniform(0, 1).logCdf(1e-300), Math.log(1e-300)]],
  modes: [[uniform(2, 3), 2]],
  refusals: [
    [() => uniform(1, 1), "uniform: low must be less than high as f32, got 1 and 1"],
    [() => uniform(1, 1 + 1e-12), "uniform: low must be less than high as f32, got 1 and 1.000000000001"],
    [() => uniform(-3e38, 3e38), notPositive("uniform", "high - low", "6e+38")],
  ],
});
