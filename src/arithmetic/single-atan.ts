import { f32, flush, mad } from "./bits.ts";

/** The twin of f_atan. */
export function atan(x: number): number {
  if (Number.isNaN(x)) return NaN;
  const v = flush(x);
  const a = Math.abs(v);
  const y = atanOfSize(a);
  return v < 0 || Object.is(v, -0) ? -y : y;
}

function atanOfSize(a: number): number {
  if (a > f32(2.41421366)) return sum(f32(-1 / a), f32(1.57079637), f32(-4.37113883e-8));
  if (a > f32(0.414213568)) return sum(f32(f32(a - 1) / f32(a + 1)), f32(0.785398185), f32(-2.18556941e-8));
  return sum(a, 0, 0);
}

/** high + low + atan(s) for |s| <= tan(pi / 8). */
function sum(s: number, high: number, low: number): number {
  const t = f32(s * s);
  let p = mad(t, f32(-0.0609005243), f32(0.105991684));
  p = mad(p, t, f32(-0.14244391));
  p = mad(p, t, f32(0.199985281));
  p = mad(p, t, f32(-0.333333164));
  return f32(high + f32(s + mad(f32(s * t), p, low)));
}
