import { expect, test } from "vitest";
import { bitsOf, f32, floatOf } from "../../../src/arithmetic/bits.ts";
import { double } from "../../../src/arithmetic/double.ts";
import type { Elementary } from "../../../src/arithmetic/elementary.ts";
import { elementaryWgsl } from "../../../src/arithmetic/elementary-wgsl.ts";
import { single } from "../../../src/arithmetic/single.ts";
import { normalOfWord, normalOfWord64 } from "../../../src/arithmetic/variates.ts";
import { variates } from "../../../src/arithmetic/variates-wgsl.ts";
import { runOnWords } from "../../support/arithmetic/arithmetic-run.ts";
import { errorInUlp } from "../../support/arithmetic/ulp.ts";
import { exhaustive } from "../../support/exhaustive.ts";

/** Arguments, and the odd number of bit patterns from one to the next, so that half of the arguments are of all sizes. */
const [count, stride] = exhaustive ? [2 ** 21, 4_093] : [2 ** 16, 131_071];

interface Case {
  /** ULP, of max(|result|, floor) */
  readonly bound: number;
  readonly floor?: number;
  /** Where the function does most of its work: half of the arguments lie here, evenly. */
  readonly ranges: readonly (readonly [number, number])[];
  /** Where the f64 function judges the f32 one. */
  readonly defined?: (x: number) => boolean;
}

const cases: Readonly<Record<Exclude<Elementary, "pow">, Case>> = {
  sqrt: { bound: 0.5001, ranges: [[0, 4]] },
  exp: {
    bound: 2,
    ranges: [
      [-88, 89],
      [-1, 1],
    ],
  },
  expm1: {
    bound: 2,
    ranges: [
      [-20, 89],
      [-1, 1],
    ],
  },
  log: {
    bound: 2,
    ranges: [
      [0, 4],
      [0.7, 1.5],
    ],
  },
  log1p: {
    bound: 2,
    ranges: [
      [-1, 4],
      [-0.5, 0.5],
    ],
  },
  sin: {
    bound: 2,
    floor: 2 ** -12,
    ranges: [
      [-1e5, 1e5],
      [-7, 7],
    ],
    defined: (x) => Math.abs(x) <= 2 ** 17,
  },
  cos: {
    bound: 2,
    floor: 2 ** -12,
    ranges: [
      [-1e5, 1e5],
      [-7, 7],
    ],
    defined: (x) => Math.abs(x) <= 2 ** 17,
  },
  sinTurns: {
    bound: 2,
    ranges: [
      [-5000, 5000],
      [-1, 1],
    ],
  },
  cosTurns: {
    bound: 2,
    ranges: [
      [-5000, 5000],
      [-1, 1],
    ],
  },
  tanh: {
    bound: 2,
    ranges: [
      [-10, 10],
      [-1, 1],
    ],
  },
  erf: {
    bound: 2,
    ranges: [
      [-5, 5],
      [-1, 1],
    ],
  },
  erfc: {
    bound: 5,
    ranges: [
      [-5, 10],
      [-1, 1],
    ],
  },
  normalQuantile: {
    bound: 6,
    ranges: [
      [0, 1],
      [0, 1e-3],
      [0.49, 0.51],
    ],
  },
  atan: {
    bound: 2,
    ranges: [
      [-4, 4],
      [-1, 1],
    ],
  },
  lgamma: {
    bound: 4,
    ranges: [
      [0, 4],
      [0.7, 1.5],
      [1.9, 2.1],
      [0, 100],
    ],
  },
  digamma: {
    bound: 3,
    ranges: [
      [0, 4],
      [1.46, 1.463],
      [0, 100],
    ],
  },
  trigamma: {
    bound: 3,
    ranges: [
      [0, 4],
      [0, 100],
    ],
  },
};

const specials = [0, -0, 1, -1, 0.5, -0.5, 2, -2, 3, -3, 4, 5, 1e10, -1e10, 2 ** 23, 2 ** 24, -(2 ** 24 - 1), 2 ** 127]
  .concat([Infinity, -Infinity, NaN, 2 ** -126, -(2 ** -126), 2 ** -127, -(2 ** -149), 3.4028234663852886e38])
  .concat([
    88.7228317,
    88.7228394,
    -87.3365,
    -87.337,
    -103,
    131072,
    131073,
    1 - 2 ** -24,
    1 + 2 ** -23,
    0.25,
    0.75,
    0.1,
  ]);

/** The specials, every `stride`-th bit pattern, and numbers spread evenly over the ranges. */
function argumentsIn(ranges: readonly (readonly [number, number])[]): Uint32Array<ArrayBuffer> {
  const found = new Float32Array(count);
  const bits = new Uint32Array(found.buffer);
  for (let i = 0; i < count; i++) {
    const [low, high] = ranges[i % ranges.length] ?? [0, 1];
    if (i < count / 2) bits[i] = Math.imul(i, stride);
    else found[i] = low + (high - low) * ((Math.imul(i, 0x9e3779b1) >>> 0) * 2 ** -32);
  }
  found.set(specials.map(f32));
  return bits;
}

/** Where the GPU's bits are not the twin's; NaN is NaN, whatever its bits. */
function differences(got: Uint32Array, twin: Float32Array, name: (i: number) => string): string[] {
  const want = new Uint32Array(twin.buffer);
  const found: string[] = [];
  for (let i = 0; i < count && found.length < 5; i++) {
    const y = got[i] ?? 0;
    if (y === want[i] || ((y & 0x7fffffff) > 0x7f800000 && Number.isNaN(twin[i]))) continue;
    found.push(`${name(i)} gave ${floatOf(y)}, twin ${twin[i]}`);
  }
  return found;
}

test.each(Object.keys(cases) as (keyof typeof cases)[])(
  "%s equals its twin to the bit, and errs within its bound",
  async (name) => {
    const { bound, floor, ranges, defined = () => true } = cases[name];
    const bits = argumentsIn(ranges);
    const x = new Float32Array(bits.buffer);
    const code = `fn compute(a: u32, b: u32, zero: u32) -> vec2<u32> {
    return vec2<u32>(bitcast<u32>(f_${name}(bitcast<f32>(a), zero)), 0u);
  }`;
    const [got] = await runOnWords(elementaryWgsl([name]) + code, bits);
    const twin = x.map(single[name]);
    expect(differences(got, twin, (i) => `${name}(${x[i]})`)).toEqual([]);

    let worst = { error: -1, x: 0 };
    for (let i = 0; i < count; i++) {
      const v = x[i] ?? 0;
      if (!defined(v) || (Math.abs(v) < 2 ** -126 && v !== 0)) continue;
      const error = errorInUlp(twin[i] ?? 0, double[name](v), floor);
      if (error > worst.error) worst = { error, x: v };
    }
    console.log(`${name}: ${worst.error.toFixed(3)} ULP, at ${worst.x}`);
    expect(worst.error).toBeLessThan(bound);
  },
);

test("pow equals its twin to the bit, and errs within 3 ULP", async () => {
  const a = argumentsIn([
    [0, 4],
    [0.9, 1.1],
    [0.5, 2],
    [0, 1e9],
  ]);
  const b = argumentsIn([
    [-30, 30],
    [-800, 800],
    [-120, 120],
    [-4, 4],
  ]);
  const x = new Float32Array(a.buffer);
  const y = new Float32Array(b.buffer);
  for (let i = 0; i < count / 2; i++) {
    const k = specials.length;
    if (i < k * k) {
      x[i] = specials[i % k] ?? 0;
      y[i] = specials[Math.floor(i / k)] ?? 0;
    } else if (i % 4 === 0) {
      b[i] = Math.imul(i, 0x9e3779b1);
    } else if (i % 4 === 1) {
      y[i] = (i % 63) - 31; // whole, for negative x too
    } else {
      // Results of every size.
      y[i] = (((Math.imul(i, 0x9e3779b1) >>> 0) * 2 ** -32 * 2 - 1) * 130) / Math.log2(Math.abs(x[i] ?? 1) || 2);
    }
  }
  const code = `fn compute(a: u32, b: u32, zero: u32) -> vec2<u32> {
    return vec2<u32>(bitcast<u32>(f_pow(bitcast<f32>(a), bitcast<f32>(b), zero)), 0u);
  }`;
  const [got] = await runOnWords(elementaryWgsl(["pow"]) + code, a, b);
  const twin = x.map((v, i) => single.pow(v, y[i] ?? 0));
  expect(differences(got, twin, (i) => `pow(${x[i]}, ${y[i]})`)).toEqual([]);

  let worst = { error: -1, i: 0 };
  for (let i = 0; i < count; i++) {
    const [v, p] = [x[i] ?? 0, y[i] ?? 0];
    if ((Math.abs(v) < 2 ** -126 && v !== 0) || (Math.abs(p) < 2 ** -126 && p !== 0)) continue;
    const error = errorInUlp(twin[i] ?? 0, double.pow(v, p));
    if (error > worst.error) worst = { error, i };
  }
  console.log(`pow: ${worst.error.toFixed(3)} ULP, at (${x[worst.i]}, ${y[worst.i]})`);
  expect(worst.error).toBeLessThan(3);
});

test("normals of words equal their twins to the bit, and err within 6 ULP", async () => {
  const words = Uint32Array.from({ length: count }, (_, i) => {
    if (i < 2000) return i < 1000 ? i : ~(i - 1000);
    if (i < 4000) return 0x7fffffff - 1000 + i - 2000;
    // Where the centre meets the tails.
    if (i < 6000) return (i % 2 === 0 ? 429496752 : ~429496752) + (i >> 1) - 2500;
    const w = Math.imul(i, 0x9e3779b1) >>> 0;
    return i % 2 === 0 ? w : w >>> ((i >>> 1) % 32);
  });
  const code = `fn compute(a: u32, b: u32, zero: u32) -> vec2<u32> {
    return vec2<u32>(bitcast<u32>(normal_of_word(a, zero)), bitcast<u32>(normal_of_word(~a, zero)));
  }`;
  const [got, opposite] = await runOnWords(variates + code, words);
  const [branching] = await runOnWords(
    `${variates}fn compute(a: u32, b: u32, zero: u32) -> vec2<u32> {
      return vec2<u32>(bitcast<u32>(normal_of_word_branching(a, zero)));
    }`,
    words,
  );
  expect(branching).toEqual(got);
  const twin = Float32Array.from(words, normalOfWord);
  expect(differences(got, twin, (i) => `normal of ${words[i]}`)).toEqual([]);
  expect(opposite.every((bits, i) => (bits ^ (got[i] ?? 0)) === 0x80000000 >> 0)).toBe(true);
  let worst = 0;
  for (let i = 0; i < count; i++) worst = Math.max(worst, errorInUlp(twin[i] ?? 0, normalOfWord64(words[i] ?? 0)));
  console.log(`normal_of_word: ${worst.toFixed(3)} ULP`);
  expect(worst).toBeLessThan(6);
});

test("bits of special results are those of the standard numbers", () => {
  expect(bitsOf(single.log(0)) >>> 0).toBe(0xff800000);
  expect([single.pow(-2, 3), single.pow(-2, 0.5), single.pow(0, -1), single.pow(-0, -3)]).toEqual([
    -8,
    NaN,
    Infinity,
    -Infinity,
  ]);
  expect([single.erfc(-20), single.erfc(20), single.tanh(50), single.expm1(-50)]).toEqual([2, 0, 1, -1]);
});
