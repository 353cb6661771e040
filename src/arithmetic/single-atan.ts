import { f32, flush, horner, mad } from "./bits.ts";
import { ATAN, HALF_PI_LOW, TAN_3_EIGHTHS, TAN_EIGHTH } from "./coefficients.ts";

const HALF_PI = f32(Math.PI / 2);
const LOW = f32(HALF_PI_LOW);

/** The twin of f_atan. */
export function atan(x: number): number {
  if (Number.isNaN(x)) return NaN;
  const v = flush(x);
  const a = Math.abs(v);
  const y = atanOfSize(a);
  return v < 0 || Object.is(v, -0) ? -y : y;
}

function atanOfSize(a: number): number {
  if (a > f32(TAN_3_EIGHTHS)) return sum(f32(-1 / a), HALF_PI, LOW);
  if (a > f32(TAN_EIGHTH)) return sum(f32(f32(a - 1) / f32(a + 1)), HALF_PI / 2, LOW / 2);
  return sum(a, 0, 0);
}

/** high + low + atan(s) for |s| <= tan(pi / 8). */
function sum(s: number, high: number, low: number): number {
  const t = f32(s * s);
  return f32(high + f32(s + mad(f32(s * t), horner(t, ATAN), low)));
}
