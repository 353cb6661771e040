import { negativeBinomial } from "../../../../src/index.ts";
import { notPositive, ofNumbers } from "../description.ts";

export default ofNumbers({
  name: "negativeBinomial",
  draw: (r) => negativeBinomial(r.size(), r.probability()),
  // By inversion, and by a gamma variate of a concentration below 1 and above, small and large.
  sampled: [
    negativeBinomial(3.5, 0.6),
    negativeBinomial(0.02, 0.003),
    negativeBinomial(1.25, 0.3),
    negativeBinomial(4000.5, 0.01),
  ],
  examples: [
    negativeBinomial(0.25, 0.9),
    negativeBinomial(2, 1),
    negativeBinomial(1, 0.01),
    negativeBinomial(40, 0.3),
    negativeBinomial(1e6, 0.999),
  ],
  inverts: false,
  undrawn: [
    [
      negativeBinomial(2, 1e-6),
      "hold its whole numbers for probabilities from 2^-64 where at most one sample in 2^64 is 2^24 or more, got count 2 and probability 0.000001",
    ],
    [
      negativeBinomial(1e-30, 1e-20),
      "hold its whole numbers for probabilities from 2^-64 where at most one sample in 2^64 is 2^24 or more, got count 1e-30 and probability 1e-20",
    ],
  ],
  far: [
    [negativeBinomial(1, 0.5).logSurvival(1e15), -(1e15 + 1) * Math.LN2],
    // (k + 2) 2^-(k + 2) of k + 1
    [negativeBinomial(2, 0.5).logSurvival(1e6), Math.log(1e6 + 3) - (1e6 + 2) * Math.LN2],
    [negativeBinomial(1e-30, 0.5).logSurvival(0), Math.log(1e-30 * Math.LN2)],
    [negativeBinomial(1e6, 1e-6).logCdf(0), 1e6 * Math.log(1e-6)],
    [negativeBinomial(2, 1e-200).logProb(1e100), Math.log(1e100) + 2 * Math.log(1e-200)],
    // n + log Γ(n) + (1 - n) ψ(n) - log p, of a gamma distribution
    [negativeBinomial(1e5, 1e-100).entropy(), 237.4339072317527],
    [negativeBinomial(1, 1e-160).entropy(), 1 + 160 * Math.log(10)],
  ],
  modes: [
    [negativeBinomial(3, 0.5), 1],
    [negativeBinomial(3.5, 0.5), 2],
    [negativeBinomial(0.5, 0.1), 0],
    [negativeBinomial(1, 0.1), 0],
    [negativeBinomial(7, 1), 0],
  ],
  refusals: [
    [() => negativeBinomial(0, 0.5), notPositive("negativeBinomial", "count", "0")],
    [() => negativeBinomial(2, 0), "negativeBinomial: probability must be above 0 and at most 1, got 0"],
    [() => negativeBinomial(2, 1.5), "negativeBinomial: probability must be above 0 and at most 1, got 1.5"],
  ],
});
