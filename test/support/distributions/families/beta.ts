import { beta } from "../../../../src/index.ts";
import { notPositive, ofNumbers, wrongly } from "../description.ts";

export default ofNumbers({
  name: "beta",
  draw: (r) => beta(r.size(18), r.size(18)),
  sampled: [beta(2, 3.5), beta(0.05, 0.1), beta(4000, 1500)],
  examples: [beta(0.05, 0.3), beta(0.4, 0.7), beta(30, 4), beta(4e4, 1.5e4)],
  inverts: false,
  far: [
    [beta(2, 3).logCdf(1e-300), -1379.7592963271993],
    [beta(0.25, 3).logSurvival(1 - 2 ** -53), -112.35438177184871],
    [beta(0.002, 1).icdf(0.23), 0.23 ** 500],
  ],
  modes: [
    [beta(3, 2), 2 / 3],
    [beta(0.5, 3), 0],
    [beta(3, 0.5), 1],
    [beta(1, 0.5), 1],
    [beta(0.5, 0.7), 0],
    [beta(1, 1), 0],
  ],
  refusals: [
    [() => beta(-1, 1), notPositive("beta", "concentration1", "-1")],
    [() => beta(1, wrongly("2")), notPositive("beta", "concentration0", '"2"')],
  ],
});
