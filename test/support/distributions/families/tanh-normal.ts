import { tanhNormal } from "../../../../src/index.ts";
import { notLocation, notPositive, ofNumbers, wrongly } from "../description.ts";

export default ofNumbers({
  name: "tanhNormal",
  draw: (r) => tanhNormal(r.location(), r.size()),
  sampled: [tanhNormal(0.3, 0.5), tanhNormal(-0.5, 25), tanhNormal(2, 1e-3), tanhNormal(-4, 0.02)],
  examples: [tanhNormal(0, 0.8), tanhNormal(-1, 0.01), tanhNormal(0.25, 1.5), tanhNormal(5, 1.5)],
  inverts: false,
  undrawn: [
    [
      tanhNormal(1e20, 1e20),
      "keep the digits of log(1 + x) and log(1 - x) for |mean| + std up to 65536, got mean 100000000000000000000 and std 100000000000000000000",
    ],
  ],
  far: [
    [tanhNormal(0, 0.25).logSurvival(1 - 2 ** -53), -2807.236712375005],
    [tanhNormal(300, 2).logCdf(-1 + 2 ** -53), -12703.394449458634],
    [tanhNormal(20, 0.001).logProb(1 - 2 ** -53), -825604.0383438173],
    [tanhNormal(0.97295, 1e-6).logProb(0.75), 0.847835128784497],
    [tanhNormal(100, 0.5).standardDeviation, Math.sqrt(3.5781299503685e-173)],
    [tanhNormal(1e-6, 1e6).mean, 7.978845608025372e-13],
  ],
  modes: [
    [tanhNormal(0, 0.5), 0],
    [tanhNormal(0, 0.7), 0],
    [tanhNormal(0, 0.75), -0.551189162326152],
    [tanhNormal(0, 1), -0.957504024077268],
    [tanhNormal(0.001, 1), 0.9576036747277173],
    [tanhNormal(-1, 2), -0.9999999695400261],
    [tanhNormal(0.5, 0.25), 0.5108312741997986],
  ],
  refusals: [
    [() => tanhNormal(Number.NaN, 1), notLocation("tanhNormal", "mean", "NaN")],
    [() => tanhNormal(0, 0), notPositive("tanhNormal", "std", "0")],
    [() => tanhNormal(0, wrongly("1")), notPositive("tanhNormal", "std", '"1"')],
  ],
});
