/** From random words to uniform and normal variates, four at once: the twins of src/arithmetic/variates.ts, to the bit. */

import { ANGLE_COS, ANGLE_SIN, ANGLE_UNIT, ATANH } from "../arithmetic/coefficients.ts";
import type { V128 } from "../wasm/code.ts";
import type { FunctionBuilder } from "../wasm/module.ts";
import { f32x4, i32x4, v128 } from "../wasm/simd.ts";
import { normalTail } from "./elementary/erf.ts";
import { horner, mad } from "./elementary/lanes.ts";

const { add, sub, mul, div } = f32x4;
const c = f32x4.const;

/** A word as a number in (0, 1): an odd multiple of 2^-24. */
export function unit(w: V128): V128 {
  return mul(f32x4.ofInteger(v128.or(i32x4.shrU(w, 8), i32x4.const(1))), c(2 ** -24));
}

/** Where a word's top 10 bits are 0, so that its variate takes a second word. */
export function isRare(w: V128): V128 {
  return i32x4.eq(i32x4.shrU(w, 22), i32x4.const(0));
}

/** `unit` with 24 significant bits down to 2^-64: where the top 10 bits of w are 0, the word v continues w. */
export function unitRefined(f: FunctionBuilder, w: V128, v: V128): V128 {
  const none = f.let(i32x4.eq(w, i32x4.const(0)));
  const high = v128.select(none, v128.or(v, i32x4.const(1)), w);
  const low = f.let(v128.andNot(v, none));
  // Moves the leading 1 to the top, halving the search each time.
  const x = f.variable("v128", high);
  const rest = f.variable("v128", low);
  const zeros = f.variable("v128", v128.and(none, i32x4.const(32)));
  for (const by of [16, 8, 4, 2, 1]) {
    const clear = f.let(i32x4.eq(i32x4.shrU(x.value, 32 - by), i32x4.const(0)));
    const moved = v128.or(i32x4.shl(x.value, by), i32x4.shrU(rest.value, 32 - by));
    x.set(v128.select(clear, moved, x.value));
    rest.set(v128.select(clear, i32x4.shl(rest.value, by), rest.value));
    zeros.set(i32x4.add(zeros.value, v128.and(clear, i32x4.const(by))));
  }
  // 2^-(24 + zeros)
  const power = i32x4.shl(i32x4.sub(i32x4.const(103), zeros.value), 23);
  const refined = mul(f32x4.ofInteger(v128.or(i32x4.shrU(x.value, 8), i32x4.const(1))), power);
  return f.let(v128.select(isRare(w), refined, unit(w)));
}

/** sqrt(-2 log u) for a normal f32 u in (0, 1). */
export function normalRadius(f: FunctionBuilder, u: V128): V128 {
  const bits = f.let(u);
  const exponent = f.let(v128.and(i32x4.sub(bits, i32x4.const(0x3f3504f3)), i32x4.const(0xff800000)));
  const m = f.let(i32x4.sub(bits, exponent));
  const s = f.let(div(sub(m, c(1)), add(m, c(1))));
  const t = f.let(mul(s, s));
  const near = mad(s, mul(horner(t, ATANH), t), s);
  const half = mad(f32x4.ofInteger(exponent), c(Math.LN2 / 2 ** 24), near);
  return f.let(f32x4.sqrt(mul(c(-4), half)));
}

/** The cosine and the sine of the angle w / 2^32 turns. */
export function turn(f: FunctionBuilder, w: V128): readonly [cos: V128, sin: V128] {
  const k = v128.or(i32x4.shrS(i32x4.shl(w, 2), 7), i32x4.const(1));
  const x = f.let(mul(f32x4.ofInteger(k), c(ANGLE_UNIT)));
  const t = f.let(mul(x, x));
  const cosine = f.let(sub(c(1), mul(t, mad(add(t, c(ANGLE_COS[0])), t, c(ANGLE_COS[1])))));
  const sine = f.let(mul(horner(t, ANGLE_SIN), x));
  // The top two bits count quarter turns.
  const quarter = f.let(i32x4.add(w, i32x4.const(0x20000000)));
  const next = f.let(i32x4.shl(quarter, 1));
  const exchange = f.let(v128.and(v128.xor(cosine, sine), i32x4.shrS(next, 31)));
  const sign = i32x4.const(0x80000000);
  return [
    f.let(v128.xor(v128.xor(cosine, exchange), v128.and(v128.xor(quarter, next), sign))),
    f.let(v128.xor(v128.xor(sine, exchange), v128.and(quarter, sign))),
  ];
}

/** The normal quantile of (w + 1/2) / 2^32; of ~w it is exactly the opposite. */
export function normalOfWord(f: FunctionBuilder, w: V128): V128 {
  const word = f.let(w);
  const twice = f.let(i32x4.shl(v128.xor(word, i32x4.shrS(word, 31)), 1));
  const u = f.let(mul(numberOf(f, v128.or(twice, i32x4.const(1))), c(2 ** -33)));
  const d = f.let(mul(numberOf(f, v128.not(twice)), c(2 ** -33)));
  const z = normalTail(f, d, u, normalRadius(f, u));
  return f.let(v128.xor(z, v128.and(v128.not(word), i32x4.const(0x80000000))));
}

/** A word as the nearest f32. */
function numberOf(f: FunctionBuilder, w: V128): V128 {
  const word = f.let(w);
  const upper = mul(f32x4.ofInteger(i32x4.shrU(word, 16)), c(65_536));
  return add(upper, f32x4.ofInteger(v128.and(word, i32x4.const(0xffff))));
}
