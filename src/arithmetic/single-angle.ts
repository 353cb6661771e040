import { bitsOf, f32, floatOf, flush, MAGIC, mad } from "./bits.ts";

/** The twin of f_sin. */
export function sin(x: number): number {
  return Math.abs(x) < 2 ** -13 ? flush(x) : sinQuarters(x, 0);
}

/** The twin of f_cos. */
export function cos(x: number): number {
  return sinQuarters(x, 1);
}

/** The twin of f_sinTurns. */
export function sinTurns(x: number): number {
  return sinTurnsOf(x, 0);
}

/** The twin of f_cosTurns. */
export function cosTurns(x: number): number {
  return sinTurnsOf(x, 1);
}

/** The f_sin_quarters of shaders/lib/elementary/angle-core.wgsl. */
function sinQuarters(x: number, turn: number): number {
  if (!(Math.abs(x) <= 2 ** 17)) return NaN;
  const v = flush(x);
  const shifted = mad(v, f32(0.636619772), MAGIC);
  const n = f32(shifted - MAGIC);
  let r = f32(v - f32(n * 1.5625));
  r = f32(r - f32(n * 0.0081787109375));
  r = f32(r - f32(n * 0.00011730194091796875));
  const part = f32(n * f32(3.12924385e-7));
  const high = f32(r - part);
  const lost = f32(f32(r - high) - part);
  r = f32(high - f32(f32(n * f32(9.92093629e-10)) - lost));
  const quarter = bitsOf(shifted) + turn;
  const y = (quarter & 1) === 0 ? sinNear(r) : cosNear(r);
  return (quarter & 2) === 0 ? y : -y;
}

function sinNear(r: number): number {
  const t = f32(r * r);
  let p = mad(t, f32(-0.000195169778), f32(0.00833217613));
  p = mad(p, t, f32(-0.166666552));
  return mad(f32(r * t), p, r);
}

function cosNear(r: number): number {
  const t = f32(r * r);
  let q = mad(t, f32(2.44380917e-5), f32(-0.00138873642));
  q = mad(q, t, f32(0.0416666456));
  return f32(1 - f32(f32(0.5 * t) - f32(f32(t * t) * q)));
}

/** The f_sin_turns of shaders/lib/elementary/turns-core.wgsl. */
function sinTurnsOf(x: number, turn: number): number {
  if (!Number.isFinite(x)) return NaN;
  const size = Math.abs(x);
  const whole = size >= 2 ** 11 ? floatOf(bitsOf(x) & 0xfffff000) : 0;
  const v = size >= 2 ** 24 ? 0 : f32(flush(x) - whole);
  const shifted = f32(v + 3145728);
  const r = f32(v - f32(shifted - 3145728));
  const quarter = bitsOf(shifted) + turn;
  const y = (quarter & 1) === 0 ? sinTurnsNear(r) : cosTurnsNear(r);
  return (quarter & 2) === 0 ? y : -y;
}

function sinTurnsNear(r: number): number {
  if (Math.abs(r) < 2 ** -100) return flush(f32(r * f32(6.28318548)));
  const t = f32(r * r);
  let p = mad(t, f32(-75.4521561), f32(81.5939178));
  p = mad(p, t, f32(-41.3416748));
  p = mad(p, t, f32(-1.74845553e-7));
  return flush(f32(f32(r * f32(6.28318548)) + f32(r * p)));
}

function cosTurnsNear(r: number): number {
  const t = f32(r * r);
  let q = mad(t, f32(59.2449722), f32(-85.443718));
  q = mad(q, t, f32(64.9393234));
  q = mad(q, t, f32(-19.7392082));
  return mad(q, t, 1);
}
