import { cauchy } from "../../../../src/index.ts";
import { ofNumbers } from "../description.ts";

export default ofNumbers({
  name: "cauchy",
  draw: (r) => cauchy(r.location(), r.size()),
  sampled: [cauchy(2, 0.5)],
  examples: [],
  inverts: true,
  far: [
    [cauchy(0, 1).logSurvival(1e300), -691.9202577840631],
    [cauchy(0, 1e-30).logCdf(-1e300), -330 * Math.log(10) - Math.log(Math.PI)],
    [cauchy(0, 1e-30).icdf(5e-324), -1e-30 / Math.PI / 5e-324],
  ],
  modes: [],
  refusals: [],
});
