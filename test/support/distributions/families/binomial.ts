import { binomial } from "../../../../src/index.ts";
import { ofNumbers } from "../description.ts";

export default ofNumbers({
  name: "binomial",
  draw: (r) => binomial(Math.ceil(r.size(15)), r.probability()),
  sampled: [binomial(10, 0.3), binomial(12, 0.95), binomial(5000, 0.7), binomial(2 ** 20, 0.25)],
  examples: [binomial(1, 0.5), binomial(7, 0.9), binomial(900, 0.3)],
  inverts: false,
  undrawn: [[binomial(2 ** 25, 0.5), "hold its whole numbers for up to 2^24 trials, got 33554432"]],
  far: [[binomial(2 ** 50, 0.5).logCdf(0), -(2 ** 50) * Math.LN2]],
  modes: [
    [binomial(3, 0.5), 1],
    [binomial(4, 0.5), 2],
    [binomial(3, 0), 0],
    [binomial(3, 1), 3],
  ],
  refusals: [
    [() => binomial(2.5, 0.5), "binomial: trials must be a whole number, 0 or more, got 2.5"],
    [() => binomial(-1, 0.5), "binomial: trials must be a whole number, 0 or more, got -1"],
    [() => binomial(3, 1.5), "binomial: probability must be from 0 to 1, got 1.5"],
  ],
});
