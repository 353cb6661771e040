import { kumaraswamy } from "../../../../src/index.ts";
import { notPositive, ofNumbers, wrongly } from "../description.ts";

export default ofNumbers({
  name: "kumaraswamy",
  draw: (r) => kumaraswamy(r.size(), r.size()),
  sampled: [kumaraswamy(2, 3.5), kumaraswamy(0.05, 0.1), kumaraswamy(4000, 20)],
  examples: [kumaraswamy(0.4, 0.7), kumaraswamy(1, 3), kumaraswamy(30, 1), kumaraswamy(0.8, 1e3)],
  inverts: true,
  far: [
    [kumaraswamy(2, 3).logCdf(1e-300), Math.log(3) - 600 * Math.log(10)],
    [kumaraswamy(4, 2).logSurvival(1 - 2 ** -53), 2 * (Math.log(4) - 53 * Math.LN2)],
    [kumaraswamy(0.002, 1).icdf(0.23), 0.23 ** 500],
    // 3e38 x², x² being below f64's range
    [kumaraswamy(2, 3e38).cdf(5.773502691896232e-170), 3e38 * 5.773502691896232e-170 * 5.773502691896232e-170],
    [kumaraswamy(1, 1e-3).logProb(1 - 2 ** -53), Math.log(1e-3) + 0.999 * 53 * Math.LN2],
  ],
  modes: [
    [kumaraswamy(3, 2), 0.4 ** (1 / 3)],
    [kumaraswamy(0.5, 3), 0],
    [kumaraswamy(3, 0.5), 1],
    [kumaraswamy(3, 1), 1],
    [kumaraswamy(1, 0.5), 1],
    [kumaraswamy(1, 3), 0],
    [kumaraswamy(0.5, 0.7), 0],
    [kumaraswamy(1, 1), 0],
  ],
  refusals: [
    [() => kumaraswamy(-1, 1), notPositive("kumaraswamy", "concentration1", "-1")],
    [() => kumaraswamy(1, wrongly("2")), notPositive("kumaraswamy", "concentration0", '"2"')],
  ],
});
