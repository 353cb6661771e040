import { f32, floatOf } from "../arithmetic/bits.ts";

/** Inputs of the self-test, made of an index as shaders/engine/numerics.wgsl makes them. */
export interface Inputs {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  /** Small enough for a sum with a to lose most of it. */
  readonly small: number;
  /** Arguments of exp, log, and sine and cosine. */
  readonly x: number;
  readonly y: number;
  readonly angle: number;
  /** Argument of exp2, from -124 to 4. */
  readonly u: number;
  /** Words of a radius, its refinement, and a direction. */
  readonly radiusWord: number;
  readonly refinement: number;
  readonly direction: number;
}

export function inputsOf(i: number): Inputs {
  const wa = mixed(3 * i);
  const wb = mixed(3 * i + 1);
  const wc = mixed(3 * i + 2);
  const a = spread(wa);
  return {
    a,
    b: spread(wb),
    c: spread(wc),
    small: a * 2 ** -15,
    x: spread(wb),
    y: positive(wc, i),
    angle: f32((wa >> 8) * f32(3.7450704e-7)),
    u: ((wc >>> 8) * 2 ** -17 - 124) * (i % 2 === 0 ? 1 : 2 ** -10),
    radiusWord: i % 2 === 0 ? wa : wa >>> 10,
    refinement: wb,
    direction: wc,
  };
}

function mixed(k: number): number {
  let x = (k + 0x9e3779b9) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

function spread(w: number): number {
  return floatOf(((119 + (w >>> 28)) << 23) | (w & 0x7fffff) | ((w << 8) & 0x80000000));
}

function positive(w: number, i: number): number {
  return floatOf(i % 2 === 0 ? (w % 0x7f000000) + 0x00800000 : 0x3f7f0000 + (w & 0x1ffff));
}
