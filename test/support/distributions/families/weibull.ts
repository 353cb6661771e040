import { weibull } from "../../../../src/index.ts";
import { ofNumbers } from "../description.ts";

export default ofNumbers({
  name: "weibull",
  draw: (r) => weibull(r.size(), r.size()),
  sampled: [weibull(2, 1.5)],
  examples: [weibull(0.5, 0.7)],
  inverts: true,
  far: [
    [weibull(1, 2).logSurvival(1e150), -1e300],
    [weibull(1e10, 2).logCdf(1e-300), -620 * Math.log(10)],
    [
      weibull(1e-10, 1e-3).logProb(1e300),
      Math.log(1e-3) + 10 * Math.log(10) - 0.999 * 310 * Math.log(10) - Math.exp(0.31 * Math.log(10)),
    ],
  ],
  modes: [
    [weibull(2, 0.5), 0],
    [weibull(2, 2), Math.SQRT2],
  ],
  refusals: [],
});
