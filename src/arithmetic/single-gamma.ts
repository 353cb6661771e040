import { f32, flush, horner, LN2_HIGH, LN2_LOW, mad } from "./bits.ts";
import {
  DIGAMMA,
  DIGAMMA_FAR,
  DIGAMMA_ROOT,
  DIGAMMA_ROOT_LOW,
  EULER,
  HALF_LOG_TURN,
  LGAMMA,
  ONE_LESS_EULER,
  STIRLING,
  TRIGAMMA,
} from "./coefficients.ts";
import { logParts, logRest, logSum } from "./single-log.ts";

const SQRT2 = f32(Math.SQRT2);
const SQRT_HALF = f32(Math.SQRT1_2);
const ROOT = f32(DIGAMMA_ROOT);

/** The twin of f_lgamma. */
export function lgamma(x: number): number {
  const v = flush(x);
  if (v === 0) return Infinity;
  if (!(v > 0)) return NaN;
  if (v === Infinity) return v;
  return v >= 3.5 ? lgammaFar(v) : lgammaNear(v);
}

/** The twin of f_digamma. */
export function digamma(x: number): number {
  const v = flush(x);
  if (v === 0) return -Infinity;
  if (!(v > 0)) return NaN;
  if (v === Infinity) return v;
  const r = f32(1 / v);
  if (v >= 2) {
    const t = f32(r * r);
    const { n, f } = logParts(v);
    return f32(logSum(n, f, 0) - f32(f32(0.5 * r) + f32(t * horner(t, DIGAMMA_FAR))));
  }
  const u = f32(f32(v - (v < 1 ? ROOT - 1 : ROOT)) - f32(DIGAMMA_ROOT_LOW));
  return f32(f32(u * horner(u, DIGAMMA)) - (v < 1 ? r : 0));
}

/** The twin of f_trigamma. */
export function trigamma(x: number): number {
  const v = flush(x);
  if (v === 0) return Infinity;
  if (!(v > 0)) return NaN;
  const a = f32(1 / (v < 2 ? f32(v + 2) : v));
  const t = f32(a * a);
  const far = f32(a + f32(t * mad(a, horner(t, TRIGAMMA), 0.5)));
  if (v >= 2) return flush(far);
  const w = v * 2 ** 32;
  const s = f32(1 + v);
  return f32(f32(2 ** 64 / f32(w * w)) + f32(f32(1 / f32(s * s)) + far));
}

function lgammaNear(v: number): number {
  const lower = v < SQRT2;
  const flat = v >= SQRT_HALF && lower;
  const z = f32(v - (v < 0.5 ? 0 : lower ? 1 : v < 2.5 ? 2 : 3));
  const w = v < 0.5 ? f32(v + f32(v * v)) : lower ? v : v < 2.5 ? 1 : f32(v - 1);
  const { n, f } = logParts(w);
  const rest = f32(logRest(f) - f32(n * LN2_LOW));
  const curved = f32(f32(horner(z, LGAMMA) * z) + (lower ? rest : -rest));
  const sum = f32(f32(z * f32(flat ? -EULER : ONE_LESS_EULER)) + curved);
  const high = f32(n * LN2_HIGH);
  return f32((lower ? -high : high) + f32((flat ? 0 : lower ? -f : f) + sum));
}

function lgammaFar(v: number): number {
  const { n, f } = logParts(v);
  const rest = f32(logRest(f) - f32(n * LN2_LOW));
  const logLess1 = f32(f32(f32(n * LN2_HIGH) - 1) + f32(f - rest));
  const r = f32(1 / v);
  const t = f32(r * r);
  return f32(f32(f32(v - 0.5) * logLess1) + mad(horner(t, STIRLING), r, f32(HALF_LOG_TURN - 0.5)));
}
