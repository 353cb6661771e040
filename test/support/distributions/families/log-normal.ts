import { logNormal } from "../../../../src/index.ts";
import { notLocation, ofNumbers, wrongly } from "../description.ts";

export default ofNumbers({
  name: "logNormal",
  draw: (r) => logNormal(r.location(), r.size()),
  sampled: [logNormal(0.25, 0.5)],
  examples: [],
  inverts: true,
  far: [
    [logNormal(0, 1).logSurvival(1e300), -238592.8717270767],
    [logNormal(0, 0.001).logCdf(1e-300), -238585414985.8924],
    [logNormal(-1000, 27).variance, 4.096291067421963e-236],
    [logNormal(400, 20).standardDeviation, Math.exp(800)],
  ],
  modes: [[logNormal(1, 2), Math.exp(-3)]],
  refusals: [[() => logNormal(wrongly(undefined), 1), notLocation("logNormal", "mean", "undefined")]],
});
