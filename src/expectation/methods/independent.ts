import type { Scheme } from "../estimate.ts";
import { meanOfDraws } from "../function-estimate.ts";
import { formulasOf } from "../integrand.ts";
import type { Tally } from "../tally.ts";
import { warningsOfDraws } from "../warnings.ts";
import { controlled, roundingOfControl } from "./control.ts";
import { functionsOf, type MethodEstimates, type SamplingMethod } from "./method.ts";

/** Draws one after another of the generator's words. */
export const independent: SamplingMethod = {
  role: "plain",
  samplesPerDraw: 1,
  fixed: false,
  ofIndicators: true,
  formulas: (call, _, { coefficient }) => (coefficient ? controlled(call, coefficient) : formulasOf(call, call)),
  estimates: meansOfDraws,
};

/** The means of draws that are independent of each other. */
export function meansOfDraws(scheme: Scheme, [tally]: readonly Tally[]): MethodEstimates {
  if (!tally) throw new RangeError("a run without a tally");
  const rounding = roundingOfControl(scheme);
  const functions = functionsOf(scheme).map((k) => meanOfDraws(tally, k, scheme.indicators[k] === true, rounding));
  return { functions, warnings: functions.flatMap((found, k) => warningsOfDraws(scheme, tally, found, k)) };
}
