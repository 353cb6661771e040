import { gumbel } from "../../../../src/index.ts";
import { ofNumbers } from "../description.ts";

export default ofNumbers({
  name: "gumbel",
  draw: (r) => gumbel(r.location(), r.size()),
  sampled: [gumbel(-0.5, 2)],
  examples: [],
  inverts: true,
  far: [
    [gumbel(0, 1).logCdf(-690), -Math.exp(690)],
    [gumbel(0, 1).logSurvival(1e300), -1e300],
  ],
  modes: [],
  refusals: [],
});
