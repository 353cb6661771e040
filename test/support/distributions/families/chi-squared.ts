import { chiSquared } from "../../../../src/index.ts";
import { notPositive, ofNumbers } from "../description.ts";

export default ofNumbers({
  name: "chiSquared",
  draw: (r) => chiSquared(r.size()),
  sampled: [chiSquared(3)],
  examples: [chiSquared(5)],
  inverts: false,
  far: [[chiSquared(1e-20).survival(1), 2.7988679738808037e-21]],
  modes: [[chiSquared(5), 3]],
  refusals: [[() => chiSquared(0), notPositive("chiSquared", "degrees", "0")]],
});
