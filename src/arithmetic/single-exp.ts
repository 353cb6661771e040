import { bitsOf, f32, floatOf, flush, horner, LN2_HIGH, LN2_LOW, LOG2E, MAGIC, mad, top } from "./bits.ts";
import {
  ATANH,
  EXP,
  EXP_LARGEST,
  EXP2,
  EXPM1,
  TANH,
  TWO_LOG2E,
  TWO_LOG2E_HIGH,
  TWO_LOG2E_LOW,
} from "./coefficients.ts";

/** y 2^n for |n| <= 250, the f_scale of shaders/lib/elementary/exp-core.wgsl. */
export function scale(y: number, n: number): number {
  const half = n >> 1;
  return flush(f32(f32(y * 2 ** half) * 2 ** (n - half)));
}

/** exp(high + low), the f_exp_sum of shaders/lib/elementary/exp-core.wgsl. */
export function expSum(high: number, low: number): number {
  const n = f32(mad(high, LOG2E, MAGIC) - MAGIC);
  const r = f32(f32(high - f32(n * LN2_HIGH)) + f32(low - f32(n * LN2_LOW)));
  return scale(f32(mad(f32(r * r), horner(r, EXP), r) + 1), n);
}

/** The twin of f_exp. */
export function exp(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x > f32(EXP_LARGEST)) return Infinity;
  return expSum(x < -105 ? -105 : x, 0);
}

/** The twin of f_expm1. */
export function expm1(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x > f32(EXP_LARGEST)) return Infinity;
  if (Math.abs(x) < 2 ** -25) return flush(x);
  const t = x < -20 ? -20 : x;
  const n = f32(mad(t, LOG2E, MAGIC) - MAGIC);
  const r = f32(f32(t - f32(n * LN2_HIGH)) - f32(n * LN2_LOW));
  const near = mad(f32(r * r), horner(r, EXPM1), r);
  if (Math.abs(x) < 0.25) return near;
  const half = 2 ** (n - 1);
  return f32(f32(f32(near * half) + f32(half - 0.5)) * 2);
}

/** The twin of f_tanh. */
export function tanh(x: number): number {
  if (Number.isNaN(x)) return NaN;
  const size = Math.abs(x);
  if (size < 2 ** -12) return flush(x);
  const a = size > 10 ? 10 : size;
  const y = a < 0.625 ? tanhNear(a) : f32(1 - f32(2 / f32(expSum(f32(a + a), 0) + 1)));
  return x < 0 ? -y : y;
}

function tanhNear(a: number): number {
  const t = f32(a * a);
  return mad(f32(a * t), horner(t, TANH), a);
}

/** The twin of f_pow. */
export function pow(x: number, y: number): number {
  const v = Math.abs(y) > 2 ** 32 ? Math.sign(y) * 2 ** 32 : flush(y);
  const base = flush(x);
  if (v === 0 || base === 1) return 1;
  if (Number.isNaN(base) || Number.isNaN(v)) return NaN;
  const whole = Number.isInteger(v);
  const negative = base < 0 || Object.is(base, -0);
  if (negative && base !== 0 && base !== -Infinity && !whole) return NaN;
  const size = Math.abs(base);
  const power = size === 0 || size === Infinity ? (v < 0 === (size === 0) ? Infinity : 0) : powOf(size, v);
  return negative && whole && Math.abs(v % 2) === 1 ? -power : power;
}

function powOf(x: number, y: number): number {
  const bits = bitsOf(x);
  const exponent = (bits - 0x3f3504f3) & 0xff800000;
  const m = floatOf(bits - exponent);
  const f = f32(m - 1);
  const g = f32(m + 1);
  const gLow = f32(m - f32(g - 1));
  const g1 = top(g);
  const s1 = top(f32(f / g));
  const left = f32(f32(f - f32(s1 * g1)) - f32(s1 * f32(g - g1)));
  const s2 = f32(f32(left - f32(s1 * gLow)) / g);
  const s = f32(s1 + s2);
  const t = f32(s * s);
  const rest = mad(f32(s * t), horner(t, ATANH), s2);
  const n = exponent >> 23;
  const product = f32(s1 * TWO_LOG2E_HIGH);
  const sum = f32(n + product);
  const error = f32(product - f32(sum - n));
  const low = f32(error + f32(f32(s1 * f32(TWO_LOG2E_LOW)) + f32(rest * f32(TWO_LOG2E))));

  const high = f32(sum + low);
  const high1 = top(high);
  const high2 = f32(f32(high - high1) + f32(low - f32(high - sum)));
  const v1 = top(y);
  const z1 = f32(v1 * high1);
  const z2 = f32(f32(y * high2) + f32(f32(y - v1) * high1));
  const z = f32(z1 + z2);
  if (z >= 128) return Infinity;
  if (z < -127) return 0;

  const whole = f32(f32(z + MAGIC) - MAGIC);
  const r = f32(f32(z1 - whole) + z2);
  return scale(horner(r, EXP2), whole);
}
