import { f32, flush, horner, top } from "./bits.ts";
import { ERF, ERFC, NORMAL_BOTTOM, NORMAL_TOP, TAIL_BOTTOM, TAIL_TOP, TWO_OVER_ROOT_PI } from "./coefficients.ts";
import { expSum } from "./single-exp.ts";
import { log } from "./single-log.ts";

/** The twin of f_erf. */
export function erf(x: number): number {
  if (Number.isNaN(x)) return NaN;
  const size = Math.abs(flush(x));
  const y = size < 0.75 ? flush(erfNear(size)) : f32(1 - erfcFar(size > 10 ? 10 : size));
  return x < 0 || Object.is(x, -0) ? -y : y;
}

/** The twin of f_erfc. */
export function erfc(x: number): number {
  if (Number.isNaN(x)) return NaN;
  const size = Math.abs(x);
  if (size < 0.75) return f32(1 - erfNear(flush(x)));
  const far = erfcFar(size > 10 ? 10 : size);
  return x < 0 ? f32(2 - far) : far;
}

/** The twin of f_normalQuantile. */
export function normalQuantile(p: number): number {
  const v = flush(p);
  if (v === 0) return -Infinity;
  if (v === 1) return Infinity;
  if (!(v > 0 && v < 1)) return NaN;
  const u = v > 0.5 ? f32(1 - v) : v;
  const z = normalTail(f32(0.5 - u), u, f32(Math.sqrt(f32(log(u) * -2))));
  return v < 0.5 ? -z : z;
}

/**
 * The normal that is exceeded with probability u = 1/2 - d, given r = sqrt(-2 log u): the twin of
 * shaders/lib/normal-tail.wgsl.
 */
export function normalTail(d: number, u: number, r: number): number {
  if (u > f32(0.1)) {
    const t = f32(f32(d * d) - f32(0.08));
    return f32(d * f32(horner(t, NORMAL_TOP) / horner(t, NORMAL_BOTTOM)));
  }
  return f32(r - f32(horner(r, TAIL_TOP) / horner(r, TAIL_BOTTOM)));
}

/** The f_erf_near of shaders/lib/elementary/erf-core.wgsl. */
function erfNear(x: number): number {
  const t = f32(x * x);
  const p = Math.abs(x) < 2 ** -100 ? 0 : horner(t, ERF);
  return f32(f32(x * f32(TWO_OVER_ROOT_PI)) + f32(x * p));
}

/** The f_erfc_far of shaders/lib/elementary/erf-core.wgsl. */
function erfcFar(a: number): number {
  const s = f32(f32(a - 2) / f32(a + 2));
  const p = horner(s, ERFC);
  const head = top(a);
  const rest = f32(f32(head - a) * f32(head + a));
  return flush(f32(expSum(-f32(head * head), rest) * f32(p / f32(f32(1 + a) + a))));
}
