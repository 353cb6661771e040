import { vonMises } from "../../../../src/index.ts";
import { notPositiveOr0, ofNumbers } from "../description.ts";

export default ofNumbers({
  name: "vonMises",
  draw: (r) => vonMises(r.location(), r.size(10)),
  sampled: [vonMises(0, 2), vonMises(1, 0.1), vonMises(-2.5, 50)],
  examples: [vonMises(1, 0), vonMises(2, 0.2), vonMises(-1, 20), vonMises(1.5, 1e4)],
  inverts: false,
  far: [[vonMises(0, 1e6).logSurvival(3), -1989998.3651000354]],
  modes: [],
  refusals: [[() => vonMises(0, -1), notPositiveOr0("vonMises", "concentration", "-1")]],
});
