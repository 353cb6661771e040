import { bitsOf, f32, floatOf, flush, LN2_HIGH, LN2_LOW, mad } from "./bits.ts";

/** The twin of f_log. */
export function log(x: number): number {
  const v = flush(x);
  if (v === 0) return -Infinity;
  if (!(v > 0)) return NaN;
  if (v === Infinity) return v;
  const exponent = exponentOf(bitsOf(v));
  return logSum(exponent >> 23, f32(floatOf(bitsOf(v) - exponent) - 1), 0);
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
  const exponent = exponentOf(bitsOf(u));
  return logSum(exponent >> 23, f32(floatOf(bitsOf(u) - exponent) - 1), f32(left / u));
}

/** 2^23 times the exponent n for which sqrt(1/2) <= 2^-n x < sqrt(2). */
function exponentOf(bits: number): number {
  return (bits - 0x3f3504f3) & 0xff800000;
}

/** The f_log_sum of shaders/lib/elementary/log-core.wgsl. */
function logSum(n: number, f: number, low: number): number {
  const rest = f32(logRest(f) - f32(f32(n * LN2_LOW) + low));
  return f32(f32(n * LN2_HIGH) + f32(f - rest));
}

function logRest(f: number): number {
  const s = f32(f / f32(2 + f));
  const t = f32(s * s);
  let p = mad(t, f32(0.29871729), f32(0.399775416));
  p = mad(p, t, f32(0.66666776));
  const half = f32(f32(0.5 * f) * f);
  return f32(half - f32(s * f32(half + f32(t * p))));
}
