/** Sobol words and their scramble, four at once: the twins of src/random/sobol.ts and owen.ts. */
import type { I32, V128 } from "../wasm/code.ts";
import type { FunctionBuilder, FunctionRef, ModuleBuilder } from "../wasm/module.ts";
import { i32 } from "../wasm/scalar.ts";
import { i32x4, v128 } from "../wasm/simd.ts";

/** A function (address of direction words, index) → the XOR of those that the index's bits choose. */
export function sobolFunction(module: ModuleBuilder): FunctionRef {
  return module.function(["i32", "i32"], ["i32"], (f) => {
    const at = f.variable("i32", f.parameter("i32", 0));
    const rest = f.variable("i32", f.parameter("i32", 1));
    const word = f.variable("i32");
    f.while(
      () => rest.value,
      () => {
        const chosen = i32.sub(i32.const(0), i32.and(rest.value, i32.const(1)));
        word.set(i32.xor(word.value, i32.and(chosen, i32.load(at.value))));
        at.set(i32.add(at.value, i32.const(4)));
        rest.set(i32.shrU(rest.value, i32.const(1)));
      },
    );
    f.return(word.value);
  });
}

/** What a coordinate's words of four quads of points share: the parts that the point's lowest bits choose. */
export interface SobolLanes {
  /** Of the quad's place among four. */
  readonly quads: V128;
  /** Of the point's place in its quad. */
  readonly points: readonly [V128, V128, V128, V128];
}

/** @param at - address of the coordinate's 32 direction words */
export function sobolLanes(f: FunctionBuilder, at: I32): SobolLanes {
  const [d0, d1, d2, d3] = [0, 4, 8, 12].map((offset) => f.let(v128.loadSplat(at, offset))) as [V128, V128, V128, V128];
  const odd = v128.and(d2, v128.words(0, -1, 0, -1));
  return {
    quads: f.let(v128.xor(odd, v128.and(d3, v128.words(0, 0, -1, -1)))),
    points: [i32x4.const(0), d0, d1, f.let(v128.xor(d0, d1))],
  };
}

/** The constants of a scramble under a seed. */
export interface Scramble {
  readonly seed: V128;
  readonly a: V128;
  readonly b: V128;
}

export function scrambleOf(f: FunctionBuilder, seed: V128): Scramble {
  const a = mix(f, seed);
  return { seed, a, b: mix(f, i32x4.add(a, i32x4.const(0x9e3779b9))) };
}

/** Nested uniform scramble in base 2 of each word. */
export function owenScramble(f: FunctionBuilder, word: V128, { seed, a, b }: Scramble): V128 {
  const one = i32x4.const(1);
  const x = reverseBits(f, word);
  const linear = i32x4.add(i32x4.mul(x, i32x4.shl(b, 1)), i32x4.shl(a, 1));
  const square = i32x4.add(i32x4.mul(linear, x), v128.or(i32x4.shrU(a, 15), one));
  const cubic = f.let(i32x4.add(i32x4.mul(square, x), seed));
  const y = f.let(v128.xor(cubic, i32x4.mul(cubic, i32x4.const(0x3c6ef372))));
  const again = i32x4.add(i32x4.mul(y, i32x4.shl(i32x4.shrU(b, 16), 1)), v128.or(i32x4.shrU(a, 7), one));
  return reverseBits(f, i32x4.add(i32x4.mul(again, y), i32x4.shrU(b, 3)));
}

/** A permutation of the words in which each bit depends on all. */
function mix(f: FunctionBuilder, word: V128): V128 {
  const step = (x: V128, by: number) => f.let(v128.xor(x, i32x4.shrU(x, by)));
  const first = i32x4.mul(step(f.let(word), 16), i32x4.const(0x6a09e667));
  const second = i32x4.mul(step(f.let(first), 15), i32x4.const(0xbb67ae85));
  return step(f.let(second), 16);
}

function reverseBits(f: FunctionBuilder, word: V128): V128 {
  const x = f.variable("v128", word);
  for (const [by, mask] of [
    [1, 0x55555555],
    [2, 0x33333333],
    [4, 0x0f0f0f0f],
    [8, 0x00ff00ff],
  ] as const) {
    const lower = v128.and(i32x4.shrU(x.value, by), i32x4.const(mask));
    x.set(v128.or(lower, i32x4.shl(v128.and(x.value, i32x4.const(mask)), by)));
  }
  return f.let(v128.or(i32x4.shrU(x.value, 16), i32x4.shl(x.value, 16)));
}
