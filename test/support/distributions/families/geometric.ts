import { geometric } from "../../../../src/index.ts";
import { ofNumbers } from "../description.ts";

export default ofNumbers({
  name: "geometric",
  draw: (r) => geometric(r.probability()),
  sampled: [geometric(0.2), geometric(0.001)],
  examples: [geometric(0.3), geometric(1)],
  inverts: false,
  undrawn: [[geometric(1e-20), "hold its whole numbers for probabilities from 2.7e-6, got 1e-20"]],
  far: [[geometric(0.5).logSurvival(1e15), -(1e15 + 1) * Math.LN2]],
  modes: [[geometric(0.2), 0]],
  refusals: [[() => geometric(0), "geometric: probability must be above 0 and at most 1, got 0"]],
});
