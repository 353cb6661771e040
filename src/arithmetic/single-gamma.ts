import { f32, flush, LN2_HIGH, LN2_LOW, mad } from "./bits.ts";
import { logParts, logRest, logSum } from "./single-log.ts";

const SQRT2 = f32(Math.SQRT2);
const SQRT_HALF = f32(Math.SQRT1_2);

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
    let q = mad(t, f32(-0.00182790146), f32(0.00356101245));
    q = mad(q, t, f32(-0.00830007065));
    q = mad(q, t, f32(0.0833323896));
    const { n, f } = logParts(v);
    return f32(logSum(n, f, 0) - f32(f32(0.5 * r) + f32(t * q)));
  }
  const u = f32(f32(v - f32(v < 1 ? 0.461632133 : 1.46163213)) - f32(1.24381501e-8));
  let p = mad(u, f32(0.0119690476), f32(-0.0206526481));
  p = mad(p, u, f32(0.0226816759));
  p = mad(p, u, f32(-0.0319260135));
  p = mad(p, u, f32(0.0487877615));
  p = mad(p, u, f32(-0.0723267049));
  p = mad(p, u, f32(0.107818007));
  p = mad(p, u, f32(-0.163937226));
  p = mad(p, u, f32(0.258500516));
  p = mad(p, u, f32(-0.442763239));
  p = mad(p, u, f32(0.967672229));
  return f32(f32(u * p) - (v < 1 ? r : 0));
}

/** The twin of f_trigamma. */
export function trigamma(x: number): number {
  const v = flush(x);
  if (v === 0) return Infinity;
  if (!(v > 0)) return NaN;
  const a = f32(1 / (v < 2 ? f32(v + 2) : v));
  const t = f32(a * a);
  let p = mad(t, f32(0.0167909022), f32(-0.0232678112));
  p = mad(p, t, f32(0.0228205305));
  p = mad(p, t, f32(-0.0332867689));
  p = mad(p, t, f32(0.166665927));
  const far = f32(a + f32(t * mad(a, p, 0.5)));
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
  let p = mad(z, f32(-0.000332324009), f32(0.000564630318));
  p = mad(p, z, f32(-0.00114734599));
  p = mad(p, z, f32(0.00288125593));
  p = mad(p, z, f32(-0.00739187887));
  p = mad(p, z, f32(0.0205813218));
  p = mad(p, z, f32(-0.0673520416));
  p = mad(p, z, f32(0.322467029));
  p = mad(p, z, f32(6.63777378e-9));
  const curved = f32(f32(p * z) + (lower ? rest : -rest));
  const sum = f32(f32(z * f32(flat ? -0.577215672 : 0.422784328)) + curved);
  const high = f32(n * LN2_HIGH);
  return f32((lower ? -high : high) + f32((flat ? 0 : lower ? -f : f) + sum));
}

function lgammaFar(v: number): number {
  const { n, f } = logParts(v);
  const rest = f32(logRest(f) - f32(n * LN2_LOW));
  const logLess1 = f32(f32(f32(n * LN2_HIGH) - 1) + f32(f - rest));
  const r = f32(1 / v);
  const t = f32(r * r);
  let q = mad(t, f32(0.000705220562), f32(-0.00277324673));
  q = mad(q, t, f32(0.0833332613));
  return f32(f32(f32(v - 0.5) * logLess1) + mad(q, r, f32(0.418938547)));
}
