import { logistic } from "../../../../src/index.ts";
import { ofNumbers } from "../description.ts";

export default ofNumbers({
  name: "logistic",
  draw: (r) => logistic(r.location(), r.size()),
  sampled: [logistic(1, 0.4)],
  examples: [],
  inverts: true,
  far: [[logistic(2, 0.5).logCdf(-1e300), -2e300]],
  modes: [],
  refusals: [],
});
