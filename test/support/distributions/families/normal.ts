import { normal } from "../../../../src/index.ts";
import { notLocation, notPositive, ofNumbers, wrongly } from "../description.ts";

export default ofNumbers({
  name: "normal",
  draw: (r) => normal(r.location(), r.size()),
  sampled: [normal(1.5, 0.75)],
  examples: [],
  inverts: true,
  far: [
    [normal(0, 1).logSurvival(1e100), -5e199],
    [normal(0, 1).logCdf(-1e100), -5e199],
    [normal(0, 1).logCdf(20), -2.7536241186062337e-89],
    [normal(0, 1).icdf(5e-324), -38.467405617144344],
    [normal(0, 1).icdf(1e-310), -37.66306033194952],
  ],
  modes: [],
  refusals: [
    [() => normal(Number.NaN, 1), notLocation("normal", "mean", "NaN")],
    [() => normal(1e39, 1), notLocation("normal", "mean", "1e+39")],
    [() => normal(0, 0), notPositive("normal", "std", "0")],
    [() => normal(0, wrongly("1")), notPositive("normal", "std", '"1"')],
  ],
});
