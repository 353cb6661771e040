import { expect, test } from "vitest";
import { ELEMENTARY, type Elementary } from "../../../src/arithmetic/elementary.ts";
import { single } from "../../../src/arithmetic/single.ts";
import { elementary } from "../../../src/wasm-formulas/elementary/index.ts";
import { randomSource } from "../../support/data.ts";
import { exhaustive } from "../../support/exhaustive.ts";
import { runOnLanes } from "../../support/wasm-formulas/wasm-lanes.ts";

// Every function gives the bits of its f32 twin: on random bits, around every place where it changes its form, and at the ends.

type Unary = Exclude<Elementary, "pow">;

const RANDOM = exhaustive ? 2 ** 18 : 2 ** 15;
/** How many floats in a row are tried on either side of a place. */
const AROUND = 192;
/** Random numbers of every function's usual range, beside those of all sizes. */
const USUAL = exhaustive ? 2 ** 16 : 2 ** 13;

const ENDS = [0, -0, Infinity, -Infinity, NaN, 2 ** -149, -(2 ** -149), 2 ** -126, -(2 ** -126), 3.4028234663852886e38];

const EVERYWHERE = [
  0,
  2 ** -126,
  2 ** -100,
  2 ** -25,
  2 ** -13,
  2 ** -12,
  0.25,
  0.5,
  1,
  2,
  3,
  10,
  3.4028234663852886e38,
];

interface Range {
  readonly from: number;
  readonly to: number;
  readonly places: readonly number[];
}

const quarters = Array.from({ length: 9 }, (_, k) => (k * Math.PI) / 4);
const turns = [0.125, 0.375, 0.625, 0.75, 2 ** 11, 2 ** 21, 2 ** 22, 2 ** 23, 2 ** 24];

const RANGES: Readonly<Record<Unary, Range>> = {
  sqrt: { from: 0, to: 10, places: [] },
  exp: { from: -110, to: 90, places: [88.7228317, -87.3365402, -86.6434, -103.9, -105, Math.LN2 / 2, -Math.LN2 / 2] },
  expm1: { from: -25, to: 90, places: [88.7228317, -20, 0.25, Math.LN2 / 2] },
  log: { from: 0, to: 4, places: [Math.SQRT1_2, Math.SQRT2] },
  log1p: { from: -1.1, to: 3, places: [-0.292893, 0.41421, -1, Math.SQRT2 - 1] },
  sin: { from: -40, to: 40, places: [...quarters, 2 ** 17] },
  cos: { from: -40, to: 40, places: [...quarters, 2 ** 17] },
  sinTurns: { from: -4, to: 4, places: turns },
  cosTurns: { from: -4, to: 4, places: turns },
  tanh: { from: -11, to: 11, places: [0.625] },
  erf: { from: -5, to: 5, places: [0.75] },
  erfc: { from: -5, to: 11, places: [0.75, 9.19, 9.2, 9.3] },
  normalQuantile: { from: -0.01, to: 1.01, places: [0.1, 0.9] },
  atan: { from: -4, to: 4, places: [2.41421366, 0.414213568] },
  lgamma: { from: -0.1, to: 8, places: [Math.SQRT2, Math.SQRT1_2, 2.5, 3.5] },
  digamma: { from: -0.1, to: 4, places: [0.461632133, 1.46163213] },
  trigamma: { from: -0.1, to: 4, places: [2 ** -32, 2 ** -63, 2 ** -64, 2 ** 125, 2 ** 126] },
};

/** The floats around a place, and their opposites. */
function around(place: number): Float32Array {
  const words = new Int32Array(Float32Array.of(Math.abs(place)).buffer);
  const center = words[0] ?? 0;
  const sizes = Int32Array.from({ length: 2 * AROUND }, (_, k) => Math.max(0, center + k - AROUND));
  const signed = [...sizes].flatMap((size) => [size, size | (1 << 31)]);
  return new Float32Array(Int32Array.from(signed).buffer);
}

function randomBits(seed: number, count: number): Float32Array {
  const random = randomSource(seed);
  return new Float32Array(Uint32Array.from({ length: count }, () => random() * 2 ** 32).buffer);
}

function uniform(seed: number, count: number, from: number, to: number): Float32Array {
  const random = randomSource(seed);
  return Float32Array.from({ length: count }, () => from + (to - from) * random());
}

function joined(parts: readonly (Float32Array | readonly number[])[]): Float32Array {
  return Float32Array.from(parts.flatMap((part) => [...part]));
}

/** Throws at the first value that differs. */
function expectSame(name: Elementary, args: readonly Float32Array[], got: Float32Array, want: (i: number) => number) {
  for (let i = 0; i < got.length; i++) {
    const wanted = want(i);
    if (!Object.is(got[i], wanted)) {
      throw new Error(`${name}(${args.map((arg) => arg[i]).join(", ")}) is ${wanted}, and here ${got[i]}`);
    }
  }
}

const bits = randomBits(1, RANDOM);
const everywhere = joined([bits, ENDS, ...EVERYWHERE.map(around)]);

test.each(ELEMENTARY.filter((name): name is Unary => name !== "pow"))("%s gives the twin's bits", (name) => {
  const { from, to, places } = RANGES[name];
  const x = joined([everywhere, uniform(2, USUAL, from, to), ...places.map(around)]);
  const got = runOnLanes(elementary[name], x);
  expect(got.length).toBeGreaterThan(RANDOM);
  expectSame(name, [x], got, (i) => single[name](x[i] ?? 0));
});

/** Every pair of edges, then random ones: of all bits, of the usual range, with whole exponents, and near the ends of f32. */
function powers(): readonly [x: Float32Array, y: Float32Array] {
  const edges = [...ENDS, ...[0.5, 1, 1.5, 2, 3, 16777215, 16777216, 2 ** 31 + 256, 2 ** 32, 2 ** 33, 1e-40, 1e-30]];
  const signed = edges.flatMap((edge) => [edge, -edge]);
  const near1 = uniform(3, USUAL, 0.999, 1.001);
  const bases = joined([bits, uniform(4, USUAL, 0, 3), uniform(5, USUAL, -20, 20), near1, ...EVERYWHERE.map(around)]);
  const random = randomSource(6);
  const exponents = bases.map((x, i) => {
    const way = i % 4;
    // A power just above or below the largest and the least number, or 1.
    if (way === 0) return ((random() < 0.5 ? 128 : -126) * (1 + 1e-6 * (random() - 0.5))) / Math.log2(Math.abs(x));
    if (way === 1) return Math.round(40 * random() - 20);
    return way === 2 ? (2 * random() - 1) * 10 ** (60 * random() - 30) : 8 * random() - 4;
  });
  const firsts = signed.flatMap((x) => signed.map(() => x));
  return [joined([firsts, bases]), joined([signed.flatMap(() => signed), exponents])];
}

test("pow gives the twin's bits", () => {
  const [x, y] = powers();
  const got = runOnLanes(elementary.pow, x, y);
  expect(got.length).toBeGreaterThan(RANDOM);
  expectSame("pow", [x, y], got, (i) => single.pow(x[i] ?? 0, y[i] ?? 0));
});
