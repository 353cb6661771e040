import { double } from "../../arithmetic/double.ts";
import { number } from "../../expression/expr.ts";
import { div, mul, sub } from "../../expression/simplify.ts";
import { checkScale } from "../checks.ts";
import type { ScalarDistribution } from "../distribution.ts";
import { abs, LOG_2PI, log, minusHalfSquare, POSITIVE, SCALE, X } from "../formulas.ts";
import { scalar } from "../make.ts";
import { cutNormal } from "../special/cut-normal.ts";
import { logNormalTail } from "../special/normal-tails.ts";
import { ofBoth, ofUpper } from "../special/tails.ts";
import { truncatedNormal } from "./truncated-normal.ts";

export interface HalfNormal extends ScalarDistribution {
  readonly name: "halfNormal";
  /** Standard deviation of the normal distribution. */
  readonly scale: number;
}

const EVENT = [mul(SCALE, abs(X))];
const LOG_DENSITY = sub(sub(minusHalfSquare(div(X, SCALE)), log(SCALE)), number(LOG_2PI / 2 - Math.LN2));

/** The standard one: its distance from 0 is |z|. */
const STANDARD = cutNormal({ from: 0, first: 0, last: Number.POSITIVE_INFINITY, mirrored: false });

/**
 * The distribution of the size of a normal variate of mean 0 and standard deviation `scale`.
 *
 * @throws InputError unless scale is a positive number
 */
export function halfNormal(scale: number): HalfNormal {
  checkScale(scale, "scale", "halfNormal");
  return scalar<HalfNormal>({
    own: {
      name: "halfNormal",
      scale,
      mean: scale * Math.sqrt(2 / Math.PI),
      variance: scale * scale * (1 - 2 / Math.PI),
      logProb: (x) => -0.5 * (x / scale) ** 2 - Math.log(scale) - LOG_2PI / 2 + Math.LN2,
      mode: () => 0,
      entropy: () => (Math.log(Math.PI / 2) + 1) / 2 + Math.log(scale),
      tails(x) {
        const z = x / scale;
        const logUpper = Math.LN2 + logNormalTail(z);
        return z < 1 ? ofBoth(double.erf(z * Math.SQRT1_2), Math.exp(logUpper)) : ofUpper(logUpper);
      },
      icdf: (p) => scale * STANDARD.quantile(p),
    },
    support: POSITIVE,
    known: () => ({ general: () => truncatedNormal(0, scale, 0, Number.POSITIVE_INFINITY) }),
    model: () => ({ variates: ["normal"], event: EVENT, logDensity: LOG_DENSITY, parameters: { scale } }),
  });
}
