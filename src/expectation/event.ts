import type { Distribution } from "../distributions/distribution.ts";
import { MAX_OWN_INSTRUCTIONS } from "../expression/limits.ts";
import { lowerUnchecked } from "../expression/program.ts";
import type { Integrand } from "./integrand.ts";

/** A distribution's event as an integrand: its samples themselves, of which nothing is summed. */
export function eventIntegrand({ model }: Distribution, where: string): Integrand {
  const { event, rejections = [], parameters, variates } = model;
  const program = lowerUnchecked([...event, ...rejections.map(({ accept }) => accept)], where, MAX_OWN_INSTRUCTIONS);
  return {
    variates,
    rejections: rejections.map((rejection) => rejection.variates),
    program,
    parameters: program.parameters.map((name) => parameters[name] ?? Number.NaN),
    draws: { kind: "random" },
    tallies: { higher: false, products: [], peaks: [] },
  };
}
