import { gamma } from "../../../../src/index.ts";
import { notPositive, ofNumbers } from "../description.ts";

export default ofNumbers({
  name: "gamma",
  draw: (r) => gamma(r.size(18), r.size(18)),
  sampled: [gamma(2.5, 0.8), gamma(0.05, 3), gamma(1e6, 10)],
  examples: [gamma(0.3, 2), gamma(40, 0.1)],
  inverts: false,
  far: [
    [gamma(2, 1).logSurvival(1e300), -1e300],
    [gamma(0.5, 2).logCdf(1e-300), -344.92040812119166],
  ],
  modes: [
    [gamma(0.5, 2), 0],
    [gamma(3, 2), 1],
  ],
  refusals: [
    [() => gamma(0, 1), notPositive("gamma", "concentration", "0")],
    [() => gamma(1, Number.NaN), notPositive("gamma", "rate", "NaN")],
    [() => gamma(1e30, 1e-30), notPositive("gamma", "concentration / rate", "1e+60")],
  ],
});
