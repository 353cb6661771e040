import { double } from "../../arithmetic/double.ts";
import { lgamma1p } from "../../arithmetic/double-gamma.ts";
import { logBetaMass } from "./deviance.ts";
import { logGammaRatio } from "./gamma-ratio.ts";
import { betaTails } from "./incomplete-beta.ts";
import { rootOf } from "./root.ts";
import { ofBoth, ofLower, swapped, type Tails } from "./tails.ts";

/** The tails of Student's distribution at t. The logarithm of |t| counts where t is beyond f64. */
export function studentTails(degrees: number, t: number, logSize: number): Tails {
  const { tails } = tailsAt(degrees, Math.abs(t), logSize);
  return t < 0 ? tails : swapped(tails);
}

/** log P(|T| > t) = half log(degrees / t²) - log(half B(half, 1/2)) where t² is beyond any multiple of the degrees. */
function logFarTails(half: number, logRatio: number): number {
  return half * logRatio - lgamma1p(half) + logGammaRatio(0.5, half);
}

interface AtSize {
  /** P(T < -t) and what is left. */
  readonly tails: Tails;
  /** P(|T| < t) */
  readonly near: number;
  /** The logarithm of t times twice the density. */
  readonly logMass: number;
}

function tailsAt(degrees: number, t: number, logSize: number): AtSize {
  const half = degrees / 2;
  const square = t * t;
  if (square > 1e280 && square / degrees > 1e280) {
    // degrees / (degrees + t²) underflows, and only its power counts.
    const log = logFarTails(half, Math.log(degrees) - 2 * logSize);
    const near = -Math.expm1(log);
    const tails = near < 0.5 ? ofBoth((1 - near) / 2, 0.5 + near / 2) : ofLower(log - Math.LN2);
    return { tails, near, logMass: log + Math.log(degrees) };
  }
  const [x, y] = [degrees / (degrees + square), square / (degrees + square)];
  const { lower, upper, logLower } = betaTails(half, 0.5, x, y);
  const tails = lower > 0.5 ? ofBoth(lower / 2, 0.5 + upper / 2) : ofLower(logLower - Math.LN2);
  return { tails, near: upper, logMass: Math.LN2 + logBetaMass(half, 0.5, x, y) };
}

/** scale t with P(T <= t) = p, for 0 < p < 1; infinite where f64 has no such number. With infinite degrees T is normal. */
export function studentQuantile(degrees: number, p: number, scale: number): number {
  if (p === 0.5) return 0;
  if (degrees === Number.POSITIVE_INFINITY) return scale * double.normalQuantile(p);
  const log = p > 0.5 ? logQuantile(degrees, 1 - p, p - 0.5) : logQuantile(degrees, p, 0.5 - p);
  return Math.sign(p - 0.5) * (Math.abs(log) < 700 ? scale * Math.exp(log) : Math.exp(log + Math.log(scale)));
}

// The logarithm of the t with P(T > t) = p = 1/2 - d; near the middle from P(|T| < t) = 2 d.
function logQuantile(degrees: number, p: number, d: number): number {
  const tailward = p < 0.25;
  const target = Math.log(tailward ? p : 2 * d);
  // So far out only the power counts.
  const half = degrees / 2;
  const power = (Math.log(degrees) - (Math.log(2 * p) - logFarTails(half, 0)) / half) / 2;
  if (power > 400 && power - Math.log(degrees) / 2 > 400) return power;
  const move = (y: number): readonly [number, number] => {
    const { tails, near, logMass } = tailsAt(degrees, Math.exp(y), y);
    return tailward
      ? [target - tails.logLower, Math.exp(logMass - tails.logLower) / 2]
      : [Math.log(near) - target, Math.exp(logMass) / near];
  };
  const z = -double.normalQuantile(p);
  return rootOf(move, -745, 709.78, Math.log(z) + (z * z + 1) / (4 * degrees));
}
