import { InputError } from "../../core/errors.ts";
import { checkWhole } from "../../core/options.ts";
import type { Warning } from "../estimate.ts";
import { type FunctionEstimate, functionEstimate } from "../function-estimate.ts";
import { PLAIN_TALLIES } from "../integrand.ts";
import { student } from "../interval.ts";
import type { Tally } from "../tally.ts";
import { warningsOfFunction } from "../warnings.ts";
import { functionsOf, placeable, type SamplingMethod } from "./method.ts";

/** Points of a Sobol sequence, randomised so many times over: each randomisation's mean is one unbiased value, and their spread the error. */
export const sobol: SamplingMethod = {
  role: "plain",
  samplesPerDraw: 1,
  fixed: true,
  randomisations: ({ randomisations = 16, where }) => checkWhole(randomisations, 2, 4096, where, "randomisations"),
  async directions({ under }) {
    const { sobolDirections } = await import("../../random/sobol-directions.ts");
    return sobolDirections(under.model.variates.length);
  },
  formulas(checked, points, { coefficient, directions }) {
    if (!directions) throw new RangeError("Sobol points without directions");
    const plain = placeable(checked, coefficient);
    if (points > 2 ** 32) {
      throw new InputError(`${checked.where}: a Sobol sequence has 2^32 points, got ${points} a randomisation`);
    }
    return {
      ...plain,
      draws: { kind: "sobol", directions },
      tallies: { ...PLAIN_TALLIES, higher: false },
      warnings: [...plain.warnings, ...warningsOfBalance(points)],
    };
  },
  estimates(scheme, tallies) {
    const draws = tallies.reduce((sum, tally) => sum + tally.count, 0);
    const functions = functionsOf(scheme).map((k) => ofReplicates(tallies, k));
    const warnings = functions.flatMap((found, k) =>
      warningsOfFunction(scheme, found, k, draws, tallies[0]?.underflows(k) === true),
    );
    return { functions, warnings };
  },
};

/** The mean of the replicates' means, each an independent randomisation of the same points. */
function ofReplicates(tallies: readonly Tally[], output: number): FunctionEstimate {
  const means = tallies.map((tally) => tally.mean(output));
  const count = means.length;
  const mean = means.reduce((sum, x) => sum + x, 0) / count;
  const variance = means.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (count - 1);
  const standardError = Math.sqrt(variance / count);
  const nonFinite = tallies.reduce((sum, tally) => sum + tally.nonFinite(output), 0);
  const interval = (level: number) => student(mean, standardError, count - 1, level);
  return functionEstimate(mean, variance, standardError, nonFinite, interval);
}

/** Sobol points are balanced in powers of two. */
function warningsOfBalance(points: number): readonly Warning[] {
  if (Number.isInteger(Math.log2(points))) return [];
  const message = `${points} points a randomisation are not a power of two, so the Sobol points are not balanced.`;
  return [{ code: "unbalanced", message }];
}
