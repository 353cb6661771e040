import { double } from "../../arithmetic/double.ts";
import { logBeta } from "../../arithmetic/double-gamma.ts";
import { logBetaMass } from "./deviance.ts";
import { betaTails } from "./incomplete-beta.ts";
import { rootOf } from "./root.ts";

/** P(T > t) of Student's distribution, for t >= 0. */
export function studentTail(degrees: number, t: number): number {
  return tailsAt(degrees, t).tail;
}

// P(T > t), P(|T| < t), and t times twice the density.
function tailsAt(degrees: number, t: number): { readonly tail: number; readonly near: number; readonly mass: number } {
  const half = degrees / 2;
  const square = t * t;
  if (square > 1e280 && square / degrees > 1e280) {
    // degrees / (degrees + t²) underflows, and only its power counts.
    const logPower = half * (Math.log(degrees) - 2 * Math.log(t)) - logBeta(half, 0.5);
    const power = Math.exp(logPower);
    return { tail: power / degrees, near: -Math.expm1(logPower + Math.log(2 / degrees)), mass: 2 * power };
  }
  const [x, y] = [degrees / (degrees + square), square / (degrees + square)];
  const { lower, upper } = betaTails(half, 0.5, x, y);
  return { tail: lower / 2, near: upper, mass: 2 * Math.exp(logBetaMass(half, 0.5, x, y)) };
}

/** t with P(T <= t) = p, for 0 < p < 1; infinite where f64 has no such number. */
export function studentQuantile(degrees: number, p: number): number {
  if (p === 0.5) return 0;
  if (p > 0.5) return -lowerQuantile(degrees, 1 - p, p - 0.5);
  return lowerQuantile(degrees, p, 0.5 - p);
}

// -t with P(T > t) = p = 1/2 - d, in the logarithm of t; near the middle from P(|T| < t) = 2 d.
function lowerQuantile(degrees: number, p: number, d: number): number {
  const tailward = p < 0.25;
  const target = Math.log(tailward ? p : 2 * d);
  const move = (y: number): readonly [number, number] => {
    const { tail, near, mass } = tailsAt(degrees, Math.exp(y));
    return tailward ? [target - Math.log(tail), mass / 2 / tail] : [Math.log(near) - target, mass / near];
  };
  if (tailsAt(degrees, Number.MAX_VALUE).tail > p) return Number.NEGATIVE_INFINITY;
  const z = -double.normalQuantile(p);
  return -Math.exp(rootOf(move, -745, 709.78, Math.log(z) + (z * z + 1) / (4 * degrees)));
}
