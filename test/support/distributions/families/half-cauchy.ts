import { halfCauchy } from "../../../../src/index.ts";
import { notPositive, ofNumbers } from "../description.ts";

export default ofNumbers({
  name: "halfCauchy",
  draw: (r) => halfCauchy(r.size()),
  sampled: [halfCauchy(2)],
  examples: [halfCauchy(0.3)],
  inverts: true,
  far: [
    [halfCauchy(1).logSurvival(1e300), Math.log(2 / Math.PI) - 300 * Math.log(10)],
    [halfCauchy(1e-30).logSurvival(1e300), Math.log(2 / Math.PI) - 330 * Math.log(10)],
    [halfCauchy(1e30).logCdf(1e-300), Math.log(2 / Math.PI) - 330 * Math.log(10)],
    [halfCauchy(1e30).icdf(5e-324), (Math.PI / 2) * 1e30 * 5e-324],
    [halfCauchy(1e-30).logProb(1e300), Math.log(2 / Math.PI) - 630 * Math.log(10)],
  ],
  modes: [[halfCauchy(3), 0]],
  refusals: [
    [() => halfCauchy(0), notPositive("halfCauchy", "scale", "0")],
    [() => halfCauchy(Number.NaN), notPositive("halfCauchy", "scale", "NaN")],
  ],
});
