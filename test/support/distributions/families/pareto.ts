import { pareto } from "../../../../src/index.ts";
import { ofNumbers } from "../description.ts";

export default ofNumbers({
  name: "pareto",
  draw: (r) => pareto(r.size(), r.size()),
  sampled: [pareto(2, 3.5)],
  examples: [pareto(1, 0.75)],
  inverts: true,
  far: [[pareto(1, 5).logSurvival(1e300), -3453.8776394910687]],
  modes: [[pareto(2, 1), 2]],
  refusals: [],
});
