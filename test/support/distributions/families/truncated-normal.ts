import { truncatedNormal } from "../../../../src/index.ts";
import { notPositive, ofNumbers } from "../description.ts";

export default ofNumbers({
  name: "truncatedNormal",
  draw: (r) => truncatedNormal(r.location(15), r.size(15), ...r.interval(15)),
  sampled: [
    truncatedNormal(1, 2, -1, 4),
    truncatedNormal(-8, 1, 0, Number.POSITIVE_INFINITY),
    truncatedNormal(3, 0.1, Number.NEGATIVE_INFINITY, 1),
    truncatedNormal(0, 1, 0.5, 0.5001),
  ],
  examples: [truncatedNormal(-1000, 1, 0, 1), truncatedNormal(0, 1, -1, 0.5), truncatedNormal(0, 2, 10, 13)],
  inverts: false,
  far: [
    [truncatedNormal(0, 1, -1, Number.POSITIVE_INFINITY).logSurvival(1e100), -5e199],
    [truncatedNormal(0, 1, 10, 20).logCdf(10 + 2 ** -40), -25.41354060509456],
  ],
  modes: [
    [truncatedNormal(0, 1, 2, 3), 2],
    [truncatedNormal(0, 1, -2, 3), 0],
  ],
  refusals: [
    [() => truncatedNormal(0, 0, 0, 1), notPositive("truncatedNormal", "std", "0")],
    [() => truncatedNormal(0, 1, 1, 1), "truncatedNormal: low must be less than high as f32, got 1 and 1"],
    [
      () => truncatedNormal(0, 1, Number.NaN, 1),
      "truncatedNormal: low must be -Infinity or a finite number that f32 can hold, got NaN",
    ],
    [
      () => truncatedNormal(0, 1, 0, Number.NEGATIVE_INFINITY),
      "truncatedNormal: high must be Infinity or a finite number that f32 can hold, got -Infinity",
    ],
  ],
});
