/**
 * From random words to uniform and normal variates: the f32 twins of shaders/lib/variates.wgsl, equal to it to the
 * bit, and the same variates in f64, from the same integers.
 */
import { bitsOf, f32, floatOf, horner, mad } from "./bits.ts";
import { ANGLE_COS, ANGLE_SIN, ANGLE_UNIT, ATANH } from "./coefficients.ts";
import { normalQuantileOf } from "./double-erf.ts";
import { normalTail } from "./single-erf.ts";

/** A word as a number in (0, 1): an odd multiple of 2^-24. Exact, so there is no f64 form. */
export function unit(w: number): number {
  return ((w >>> 8) | 1) * 2 ** -24;
}

/** `unit` with 24 significant bits down to 2^-64: where the top 10 bits of w are 0, the word v continues w. Exact. */
export function unitRefined(w: number, v: number): number {
  if (w >>> 22 !== 0) return unit(w);
  const high = w === 0 ? v | 1 : w;
  const low = w === 0 ? 0 : v;
  const zeros = Math.clz32(high);
  const x = (high << zeros) | ((low >>> 1) >>> (31 - zeros));
  return ((x >>> 8) | 1) * 2 ** -(24 + zeros + (w === 0 ? 32 : 0));
}

/** sqrt(-2 log u) for a normal f32 u in (0, 1), within 2 ULP. */
export function normalRadius(u: number): number {
  const bits = bitsOf(u);
  const exponent = (bits - 0x3f3504f3) & 0xff800000;
  const m = floatOf(bits - exponent);
  const s = f32(f32(m - 1) / f32(m + 1));
  const t = f32(s * s);
  const near = mad(s, f32(horner(t, ATANH) * t), s);
  return f32(Math.sqrt(-4 * mad(exponent, f32(Math.LN2 / 2 ** 24), near)));
}

/** sqrt(-2 log u) in f64. */
export function normalRadius64(u: number): number {
  return Math.sqrt(-2 * Math.log(u));
}

/** The cosine of the angle w / 2^32 turns. */
export function cosOfWord(w: number): number {
  const x = residue(w);
  const quarter = (w + 0x20000000) >>> 30;
  const y = (quarter & 1) === 0 ? cosNear(x) : sinNear(x);
  return quarter === 1 || quarter === 2 ? -y : y;
}

/** The sine of the angle w / 2^32 turns. */
export function sinOfWord(w: number): number {
  const x = residue(w);
  const quarter = (w + 0x20000000) >>> 30;
  const y = (quarter & 1) === 0 ? sinNear(x) : cosNear(x);
  return quarter >= 2 ? -y : y;
}

/** The cosine of the angle w / 2^32 turns in f64. */
export function cosOfWord64(w: number): number {
  const quarter = (w + 0x20000000) >>> 30;
  const angle = ((w << 2) >> 2) * (2 * Math.PI * 2 ** -32);
  const y = (quarter & 1) === 0 ? Math.cos(angle) : Math.sin(angle);
  return quarter === 1 || quarter === 2 ? -y : y;
}

/** The sine of the angle w / 2^32 turns in f64. */
export function sinOfWord64(w: number): number {
  const quarter = (w + 0x20000000) >>> 30;
  const angle = ((w << 2) >> 2) * (2 * Math.PI * 2 ** -32);
  const y = (quarter & 1) === 0 ? Math.sin(angle) : Math.cos(angle);
  return quarter >= 2 ? -y : y;
}

/** The normal quantile of (w + 1/2) / 2^32; of ~w it is exactly the opposite. */
export function normalOfWord(w: number): number {
  const j = w >>> 31 === 0 ? w : ~w >>> 0;
  const u = f32(2 * j + 1) * 2 ** -33;
  const d = f32(2 ** 32 - 2 * j - 1) * 2 ** -33;
  const z = normalTail(d, u, normalRadius(u));
  return w >>> 31 === 0 ? -z : z;
}

/** The normal quantile of (w + 1/2) / 2^32 in f64. */
export function normalOfWord64(w: number): number {
  const j = w >>> 31 === 0 ? w : ~w >>> 0;
  const z = normalQuantileOf((2 * j + 1) * 2 ** -33, (2 ** 32 - 2 * j - 1) * 2 ** -33);
  return w >>> 31 === 0 ? -z : z;
}

/** What an angle word leaves beyond the nearest quarter turn, in the unit of the polynomials below. */
function residue(w: number): number {
  return f32(((((w << 2) | 0) >> 7) | 1) * f32(ANGLE_UNIT));
}

function sinNear(x: number): number {
  return f32(horner(f32(x * x), ANGLE_SIN) * x);
}

function cosNear(x: number): number {
  const t = f32(x * x);
  const p = mad(f32(t + f32(ANGLE_COS[0])), t, f32(ANGLE_COS[1]));
  return f32(1 - f32(t * p));
}
