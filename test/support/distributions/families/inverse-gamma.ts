import { inverseGamma } from "../../../../src/index.ts";
import { notPositive, ofNumbers } from "../description.ts";

export default ofNumbers({
  name: "inverseGamma",
  draw: (r) => inverseGamma(r.size(18), r.size(18)),
  sampled: [inverseGamma(2.5, 0.8), inverseGamma(0.05, 3), inverseGamma(1e6, 10)],
  examples: [inverseGamma(0.3, 2), inverseGamma(40, 0.1)],
  inverts: false,
  far: [
    // Q(2, y) = (1 + y) exp(-y), and 1 / X is a gamma variable.
    [inverseGamma(2, 1).logCdf(1e-300), -1e300],
    [inverseGamma(0.5, 2).logSurvival(1e300), -344.92040812119166],
    [inverseGamma(2, 1e-30).logProb(1e300), -60 * Math.log(10) - 900 * Math.log(10)],
  ],
  modes: [
    [inverseGamma(0.5, 3), 2],
    [inverseGamma(3, 2), 0.5],
  ],
  refusals: [
    [() => inverseGamma(0, 1), notPositive("inverseGamma", "concentration", "0")],
    [() => inverseGamma(1, Number.NaN), notPositive("inverseGamma", "scale", "NaN")],
    [() => inverseGamma(1e-30, 1e30), notPositive("inverseGamma", "scale / concentration", "1e+60")],
  ],
});
