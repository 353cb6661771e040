import { call, number } from "../../expression/expr.ts";
import { div, mul, neg, select, sub } from "../../expression/simplify.ts";
import { cauchyLogSquare, ofCauchys } from "../bregman/location-scale.ts";
import { checkScale } from "../checks.ts";
import type { ScalarDistribution } from "../distribution.ts";
import { bothTails, log, POSITIVE, SCALE, X } from "../formulas.ts";
import { logTerm } from "../growth.ts";
import { type Formulas, scalar } from "../make.ts";
import { plus, times } from "../moments.ts";
import { clampedToZero, heavyGrowth, LOG_LEAST, LOG_MOST, NEVER_MET } from "../refined.ts";
import { logRatio } from "../special/logarithms.ts";
import { ofBoth, ofLower, ofUpper, type Tails } from "../special/tails.ts";

export interface HalfCauchy extends ScalarDistribution {
  readonly name: "halfCauchy";
  /** Of the Cauchy distribution, and the median. */
  readonly scale: number;
}

// scale tan(turn) below the scale and scale / tan(turn) above it, each for one sign of z, so that both ends are as fine as normal variates'
// tails: in turns, an eighth of P(|Z| > |z|).
const TURNS = mul(number(0.125), bothTails(X));
const [SINE, COSINE] = [call("sinTurns", TURNS), call("cosTurns", TURNS)];
const IS_BELOW = call("lt", X, number(0));
const UNIT = div(select(IS_BELOW, SINE, COSINE), select(IS_BELOW, COSINE, SINE));
const EVENT = [mul(SCALE, UNIT)];
const LOG_UNIT = log(UNIT);
const LOG_DENSITY = sub(sub(neg(heavyGrowth(X, SCALE)), log(SCALE)), number(Math.log(Math.PI / 2)));

/**
 * The distribution of the size of a Cauchy variate of location 0 and this scale. Its mean and variance are infinite.
 *
 * @throws InputError unless scale is a positive number
 */
export function halfCauchy(scale: number): HalfCauchy {
  checkScale(scale, "scale", "halfCauchy");
  return scalar<HalfCauchy>({
    own: {
      name: "halfCauchy",
      scale,
      mean: Number.POSITIVE_INFINITY,
      variance: Number.POSITIVE_INFINITY,
      logProb(x) {
        const ratio = x / scale;
        const grown = ratio < 1 ? Math.log1p(ratio * ratio) / 2 : logRatio(x, scale) + Math.log1p((1 / ratio) ** 2) / 2;
        return -2 * grown - Math.log(scale) - Math.log(Math.PI / 2);
      },
      mode: () => 0,
      entropy: () => Math.log(2 * Math.PI) + Math.log(scale),
      tails: (x) => tailsAt(x, scale),
      icdf: (p) => quantileOf(p, scale),
    },
    support: POSITIVE,
    known: () => ({
      moments: () => ({
        logarithm: Math.log(scale),
        logVariance: (Math.PI / 2) ** 2,
        power: (k, s) =>
          Math.abs(k) < 1 ? Math.exp(k * logRatio(scale, s)) / Math.cos((Math.PI / 2) * k) : Number.POSITIVE_INFINITY,
        // What is even has the mean that it has under the whole Cauchy distribution.
        logSquare: (c, s) => (c === 0 ? cauchyLogSquare(0, scale / s) : undefined),
      }),
      meanLog: (p) => plus(-Math.log(scale) - Math.log(Math.PI / 2), times(-1, p.logSquare?.(0, scale))),
      growth: (side) => (side === 1 ? [logTerm(-2)] : []),
      kl: (q) => ofCauchys({ location: 0, scale }, { location: 0, scale: q.scale }),
    }),
    model: () => ({
      variates: ["normal"],
      ...drawnOf(scale),
      logDensity: LOG_DENSITY,
      parameters: { scale },
    }),
  });
}

/** The smaller tail from the smaller of x / scale and its inverse, which may be beyond f64. */
function tailsAt(x: number, scale: number): Tails {
  const lower = (2 / Math.PI) * Math.atan2(x, scale);
  const upper = (2 / Math.PI) * Math.atan2(scale, x);
  if (lower < 1e-290) return ofLower(logRatio(x, scale) + Math.log(2 / Math.PI));
  if (upper < 1e-290) return ofUpper(logRatio(scale, x) + Math.log(2 / Math.PI));
  return ofBoth(lower, upper);
}

// scale tan(pi p / 2), from the nearer of 0 and 1.
function quantileOf(p: number, scale: number): number {
  if (p < 1e-9) return scale * (Math.PI / 2) * p;
  return p < 0.5 ? scale * Math.tan((Math.PI / 2) * p) : scale / Math.tan((Math.PI / 2) * (1 - p));
}

/** The logarithm where samples would leave f32's range. */
function drawnOf(scale: number): Pick<Formulas, "event" | "refined"> {
  const [lost, beyond] = [tailsAt(Math.exp(LOG_LEAST), scale).lower, tailsAt(Math.exp(LOG_MOST), scale).upper];
  if (!(lost > NEVER_MET || beyond > NEVER_MET)) return { event: EVENT };
  const shifted = { origin: Math.log(scale), scale: 1, unit: LOG_UNIT };
  return { event: EVENT, refined: [{ log: shifted, clamped: clampedToZero(lost) }] };
}
