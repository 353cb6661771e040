import { f32, flush, mad, top } from "./bits.ts";
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
 * The normal that is exceeded with probability u = 1/2 - d, given r = sqrt(-2 log u): the normal_tail of
 * shaders/lib/variates.wgsl, and f_normal_tail.
 */
export function normalTail(d: number, u: number, r: number): number {
  if (u > f32(0.1)) {
    const t = f32(f32(d * d) - f32(0.08));
    let a = mad(t, f32(-13.2918105), f32(43.8114906));
    a = mad(a, t, f32(-22.092222));
    a = mad(a, t, f32(2.76418592));
    let b = mad(t, f32(-15.7496769), f32(24.9161198));
    b = mad(b, t, f32(-9.43601413));
    b = mad(b, t, 1);
    return f32(d * f32(a / b));
  }
  let c = mad(r, f32(0.02491266), f32(1.07599083));
  c = mad(c, r, f32(5.48829304));
  c = mad(c, r, f32(2.97253743));
  let e = mad(r, f32(0.00376320553), f32(0.267092614));
  e = mad(e, r, f32(2.41255033));
  e = mad(e, r, f32(3.84508992));
  e = mad(e, r, 1);
  return f32(r - f32(c / e));
}

/** The f_erf_near of shaders/lib/elementary/erf-core.wgsl. */
function erfNear(x: number): number {
  const t = f32(x * x);
  let p = mad(t, f32(-0.000673626608), f32(0.00511349086));
  p = mad(p, t, f32(-0.0268348362));
  p = mad(p, t, f32(0.112833992));
  p = mad(p, t, f32(-0.37612623));
  p = Math.abs(x) < 2 ** -100 ? 0 : mad(p, t, f32(-5.86353834e-8));
  return f32(f32(x * f32(1.12837923)) + f32(x * p));
}

/** The f_erfc_far of shaders/lib/elementary/erf-core.wgsl. */
function erfcFar(a: number): number {
  const s = f32(f32(a - 2) / f32(a + 2));
  let p = mad(s, f32(-0.00147683173), f32(0.0010709638));
  p = mad(p, s, f32(0.00875893142));
  p = mad(p, s, f32(-0.00800142158));
  p = mad(p, s, f32(-0.0542261526));
  p = mad(p, s, f32(0.164049178));
  p = mad(p, s, f32(-0.166030109));
  p = mad(p, s, f32(-0.092763789));
  p = mad(p, s, f32(1.27697837));
  const head = top(a);
  const rest = f32(f32(head - a) * f32(head + a));
  return flush(f32(expSum(-f32(head * head), rest) * f32(p / f32(f32(1 + a) + a))));
}
