import { laplace } from "../../../../src/index.ts";
import { notPositive, ofNumbers } from "../description.ts";

export default ofNumbers({
  name: "laplace",
  draw: (r) => laplace(r.location(), r.size()),
  sampled: [laplace(-1, 0.5)],
  examples: [],
  inverts: true,
  far: [[laplace(0, 1).logSurvival(1e300), -1e300]],
  modes: [],
  refusals: [[() => laplace(0, Number.POSITIVE_INFINITY), notPositive("laplace", "scale", "Infinity")]],
});
