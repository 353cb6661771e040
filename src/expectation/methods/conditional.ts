import { InputError } from "../../core/errors.ts";
import type { Warning } from "../estimate.ts";
import { meanOfDraws } from "../function-estimate.ts";
import { formulasOf } from "../integrand.ts";
import { meansOfDraws } from "./independent.ts";
import type { SamplingMethod } from "./method.ts";

/** The conditional expectation of f instead of f (law of total expectation), and f itself on the same draws beside it. */
export const conditional: SamplingMethod = {
  role: "conditional",
  samplesPerDraw: 1,
  fixed: false,
  formulas(call) {
    const { where, functions, parameters, conditional } = call;
    if (!conditional || functions.length !== 1) {
      throw new InputError(`${where}: conditional needs one function, got ${functions.length}`);
    }
    return formulasOf(call, { functions: [conditional, ...functions], parameters });
  },
  estimates(scheme, tallies) {
    const { functions, warnings } = meansOfDraws(scheme, tallies);
    const [tally] = tallies;
    if (!tally) throw new RangeError("a run without a tally");
    const { mean, variance, standardError } = meanOfDraws(tally, 1);
    const plain = { mean, variance, standardError };
    const mismatch = functions.flatMap((found) => warningsOfMismatch(found, plain));
    return { functions: functions.map((found) => ({ ...found, plain })), warnings: [...warnings, ...mismatch] };
  },
};

interface Mean {
  readonly mean: number;
  readonly standardError: number;
}

/** A conditional expectation has the mean of what it is the expectation of. */
function warningsOfMismatch(found: Mean, plain: Mean): Warning[] {
  const off = Math.abs(found.mean - plain.mean) / Math.hypot(found.standardError, plain.standardError);
  if (!(off > 5)) return [];
  const message = `conditional has mean ${found.mean.toPrecision(4)} where f has ${plain.mean.toPrecision(4)}, ${off.toPrecision(2)} standard errors away: it is not f's conditional expectation.`;
  return [{ code: "mismatch", message }];
}
