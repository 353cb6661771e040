import { poisson } from "../../../../src/index.ts";
import { notPositiveOr0, ofNumbers } from "../description.ts";

export default ofNumbers({
  name: "poisson",
  draw: (r) => poisson(r.size()),
  sampled: [poisson(0.3), poisson(9.5), poisson(300.7), poisson(2 ** 20)],
  examples: [poisson(0), poisson(0.02), poisson(7), poisson(400), poisson(2 ** 20 + 0.3)],
  inverts: false,
  undrawn: [[poisson(1e9), "hold its whole numbers for rates up to 2^23, got 1000000000"]],
  far: [[poisson(1).logSurvival(1e15), -3.353877639491074e16]],
  modes: [
    [poisson(3), 2],
    [poisson(3.5), 3],
    [poisson(0.5), 0],
  ],
  refusals: [
    [() => poisson(-1), notPositiveOr0("poisson", "rate", "-1")],
    [() => poisson(1e-39), notPositiveOr0("poisson", "rate", "1e-39")],
  ],
});
