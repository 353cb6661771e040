import { exponential } from "../../../../src/index.ts";
import { notPositive, ofNumbers } from "../description.ts";

export default ofNumbers({
  name: "exponential",
  draw: (r) => exponential(r.size()),
  sampled: [exponential(2.5)],
  examples: [],
  inverts: true,
  far: [
    [exponential(3).logSurvival(1e300), -3e300],
    [exponential(1e-30).logCdf(1e-300), -330 * Math.log(10)],
  ],
  modes: [],
  refusals: [[() => exponential(-1), notPositive("exponential", "rate", "-1")]],
});
