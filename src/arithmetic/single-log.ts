import { bitsOf, f32, floatOf, flush, horner, LN2_HIGH, LN2_LOW } from "./bits.ts";
import { LOG } from "./coefficients.ts";

/** The twin of f_log. */
export function log(x: number): number {
  const v = flush(x);
  if (v === 0) return -Infinity;
  if (!(v > 0)) return NaN;
  if (v === Infinity) return v;
  const { n, f } = logParts(v);
  return logSum(n, f, 0);
}

/** The twin of f_log1p. */
export function log1p(x: number): number {
  const v = flush(x);
  if (v === -1) return -Infinity;
  if (!(v > -1)) return NaN;
  if (v === Infinity || Math.abs(v) < 2 ** -25) return v;
  if (v > f32(-0.292893) && v < f32(0.41421)) return logSum(0, v, 0);
  const u = f32(1 + v);
  const left = v >= 1 ? f32(1 - f32(u - v)) : f32(v - f32(u - 1));
  const { n, f } = logParts(u);
  return logSum(n, f, f32(left / u));
}

/** A positive normal x as 2^n (1 + f), sqrt(1/2) <= 1 + f < sqrt(2). */
export function logParts(x: number): { n: number; f: number } {
  const bits = bitsOf(x);
  const exponent = (bits - 0x3f3504f3) & 0xff800000;
  return { n: exponent >> 23, f: f32(floatOf(bits - exponent) - 1) };
}

/** The f_log_sum of shaders/lib/elementary/log-core.wgsl. */
export function logSum(n: number, f: number, low: number): number {
  const rest = f32(logRest(f) - f32(f32(n * LN2_LOW) + low));
  return f32(f32(n * LN2_HIGH) + f32(f - rest));
}

/** The f_log_rest of shaders/lib/elementary/log-core.wgsl. */
export function logRest(f: number): number {
  const s = f32(f / f32(2 + f));
  const t = f32(s * s);
  const half = f32(f32(0.5 * f) * f);
  return f32(half - f32(s * f32(half + f32(t * horner(t, LOG)))));
}
