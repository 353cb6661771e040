import { halfNormal } from "../../../../src/index.ts";
import { notPositive, ofNumbers } from "../description.ts";

export default ofNumbers({
  name: "halfNormal",
  draw: (r) => halfNormal(r.size()),
  sampled: [halfNormal(2)],
  examples: [halfNormal(0.3)],
  inverts: false,
  far: [[halfNormal(1).logSurvival(1e140), -5e279]],
  modes: [],
  refusals: [[() => halfNormal(-1), notPositive("halfNormal", "scale", "-1")]],
});
