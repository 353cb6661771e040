import { MAX_OWN_INSTRUCTIONS } from "../expression/limits.ts";
import { lowerUnchecked } from "../expression/program.ts";
import type { Integrand } from "../sampling/integrand.ts";
import type { Distribution } from "./distribution.ts";
import { tooLong } from "./too-long.ts";

/** A distribution's event as an integrand: its samples themselves, of which nothing is summed. */
export function eventIntegrand(distribution: Distribution, where: string): Integrand {
  const { event, rejections = [], parameters, variates } = distribution.model;
  const most = MAX_OWN_INSTRUCTIONS;
  const formulas = [...event, ...rejections.map(({ accept }) => accept)];
  const program = lowerUnchecked(formulas, where, most, tooLong(distribution, most));
  return {
    variates,
    rejections: rejections.map((rejection) => rejection.variates),
    program,
    parameters: program.parameters.map((name) => parameters[name] ?? Number.NaN),
    draws: { kind: "random" },
    tallies: { higher: false, products: [], peaks: [] },
  };
}
