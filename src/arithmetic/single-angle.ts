import { bitsOf, f32, floatOf, flush, horner, MAGIC, mad } from "./bits.ts";
import { COS, COS_TURNS, HALF_PI_PARTS, SIN, SIN_TURNS, TURN } from "./coefficients.ts";

const TWO_OVER_PI = f32(2 / Math.PI);
const [FIRST, SECOND, THIRD, FOURTH, FIFTH] = HALF_PI_PARTS;

/** 1.5 · 2^21: an f32 sum with it is rounded to a whole number of quarters, which the lowest bits count. */
const QUARTERS = 1.5 * 2 ** 21;

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
  const shifted = mad(v, TWO_OVER_PI, MAGIC);
  const n = f32(shifted - MAGIC);
  let r = f32(v - f32(n * FIRST));
  r = f32(r - f32(n * SECOND));
  r = f32(r - f32(n * THIRD));
  const part = f32(n * f32(FOURTH));
  const high = f32(r - part);
  const lost = f32(f32(r - high) - part);
  r = f32(high - f32(f32(n * f32(FIFTH)) - lost));
  const quarter = bitsOf(shifted) + turn;
  const y = (quarter & 1) === 0 ? sinNear(r) : cosNear(r);
  return (quarter & 2) === 0 ? y : -y;
}

function sinNear(r: number): number {
  const t = f32(r * r);
  return mad(f32(r * t), horner(t, SIN), r);
}

function cosNear(r: number): number {
  const t = f32(r * r);
  return f32(1 - f32(f32(0.5 * t) - f32(f32(t * t) * horner(t, COS))));
}

/** The f_sin_turns of shaders/lib/elementary/turns-core.wgsl. */
function sinTurnsOf(x: number, turn: number): number {
  if (!Number.isFinite(x)) return NaN;
  const size = Math.abs(x);
  const whole = size >= 2 ** 11 ? floatOf(bitsOf(x) & 0xfffff000) : 0;
  const v = size >= 2 ** 24 ? 0 : f32(flush(x) - whole);
  const shifted = f32(v + QUARTERS);
  const r = f32(v - f32(shifted - QUARTERS));
  const quarter = bitsOf(shifted) + turn;
  const y = (quarter & 1) === 0 ? sinTurnsNear(r) : cosTurnsNear(r);
  return (quarter & 2) === 0 ? y : -y;
}

function sinTurnsNear(r: number): number {
  if (Math.abs(r) < 2 ** -100) return flush(f32(r * f32(TURN)));
  const t = f32(r * r);
  return flush(f32(f32(r * f32(TURN)) + f32(r * horner(t, SIN_TURNS))));
}

function cosTurnsNear(r: number): number {
  return horner(f32(r * r), COS_TURNS);
}
