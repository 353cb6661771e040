import { bitsOf, f32, floatOf } from "../arithmetic/bits.ts";
import { fromHalves } from "../arithmetic/halves.ts";
import { LEAST_NORMAL } from "../arithmetic/range.ts";
import { single } from "../arithmetic/single.ts";
import { cosOfWord, normalRadius, sinOfWord, unitRefined } from "../arithmetic/variates.ts";
import { type Numerics, TRIPS } from "./numerics.ts";
import { type Inputs, inputsOf } from "./numerics-inputs.ts";

/** What each plane of the self-test's output has, in order: one value an input, as bits. */
export const PROBES = [
  "sum",
  "product",
  "quotient",
  "root",
  "exp",
  "log",
  "builtinExp",
  "builtinLog",
  "builtinExp2",
  "builtinSin",
  "builtinCos",
  "radius",
  "cosine",
  "sine",
  "fusedGuarded",
  "fusedByOne",
  "fusedPlain",
  "fusedRest",
  "regroupedGuarded",
  "regroupedPlain",
  "lostGuarded",
  "lostPlain",
  "propagation",
  "once",
] as const;

export type Probe = (typeof PROBES)[number];

/** Inputs, and so values in a plane. */
export const COUNT = 2_048;

/** NaN (with a payload), the infinities, a subnormal number, 1, and 2^-70: what the shader is given, as bits. */
export const GIVEN = Uint32Array.of(0x7fc12345, 0x7f800000, 0xff800000, 0x000116c2, 0x3f800000, 0x1c800000);

/** Of the plane "once": what arithmetic makes of the values given, and where the long loop ended. */
const KEPT_PRODUCT = 4;
const KEPT_SUM = 5;
const KEPT_UNDERFLOW = 6;
const NAN_UNEQUAL = 7;
const LOOP_STATE = 8;
const UNPACKED = 9;

/** The f16 that the shader has the machine unpack: two subnormal ones, -Infinity and a NaN. */
const HALVES = Uint16Array.of(0x0001, 0x83ff, 0xfc00, 0x7e01);

/** The bits of the plane "propagation": what sums, products and comparisons do, and what exp2 does. */
const PROPAGATES = 0x3ff;
const EXP2_ENDS = 0x3c00;

/** What IEEE 754 and the library's twins give where a machine does as it is told; f32, one rounding an operation. */
const expected: Partial<Record<Probe, (inputs: Inputs) => number>> = {
  sum: ({ a, b }) => f32(a + b),
  product: ({ a, b }) => f32(a * b),
  quotient: ({ a, b }) => f32(a / b),
  root: ({ a }) => f32(Math.sqrt(Math.abs(a))),
  exp: ({ x }) => single.exp(x),
  log: ({ y }) => single.log(y),
  radius: ({ radiusWord, refinement }) => normalRadius(unitRefined(radiusWord, refinement)),
  cosine: ({ direction }) => cosOfWord(direction),
  sine: ({ direction }) => sinOfWord(direction),
  fusedGuarded: ({ a, b, c }) => f32(f32(a * b) + c),
  fusedByOne: ({ a, b, c }) => f32(f32(f32(f32(a * b) + 0.75) * b) + c),
  fusedPlain: ({ a, b, c }) => f32(f32(b * c) + a),
  fusedRest: ({ a, b }) => a * b - f32(a * b),
  regroupedGuarded: ({ small }) => f32(f32(small + 1) - 1),
  regroupedPlain: ({ small }) => f32(f32(small + 1) - 1),
  lostGuarded: ({ a, small }) => lost(a, small),
  lostPlain: ({ b, small }) => lost(b, small),
};

/** The values that the built-in functions should have, in f64, and the unit of their error. */
const truths: Partial<Record<Probe, (inputs: Inputs) => { readonly value: number; readonly unit: number }>> = {
  builtinExp: ({ x }) => relative(Math.exp(x)),
  builtinLog: ({ y }) => relative(Math.log(y)),
  builtinExp2: ({ u }) => relative(2 ** u),
  builtinSin: ({ angle }) => ({ value: Math.sin(angle), unit: 2 ** -23 }),
  builtinCos: ({ angle }) => ({ value: Math.cos(angle), unit: 2 ** -23 }),
};

/**
 * The findings that the planes of the self-test and its copy of the first values given amount to. Everything that must be
 * exact is held against the same in TypeScript, bit by bit.
 */
export function judgeNumerics(words: Uint32Array, copied: Uint32Array): Numerics {
  const inputs = Array.from({ length: COUNT }, (_, i) => inputsOf(i));
  const plane = (probe: Probe) => words.subarray(PROBES.indexOf(probe) * COUNT, (PROBES.indexOf(probe) + 1) * COUNT);
  const equal = (...probes: readonly Probe[]) =>
    probes.every((probe) => {
      const want = expected[probe];
      return plane(probe).every((bits, i) => same(bits, want?.(inputs[i] as Inputs) ?? Number.NaN));
    });
  const worst = (probe: Probe) => {
    const truth = truths[probe];
    const errors = inputs.map((one, i) => errorOf(plane(probe)[i] ?? 0, truth?.(one)));
    return Math.max(...errors);
  };

  const once = plane("once");
  const findings = {
    sums: equal("sum"),
    products: equal("product"),
    quotients: equal("quotient"),
    roots: equal("root"),
    exp: equal("exp"),
    log: equal("log"),
    radius: equal("radius"),
    angle: equal("cosine", "sine"),
    barrier: equal("fusedGuarded", "regroupedGuarded", "lostGuarded"),
    nanBits: [once.subarray(0, 3), copied.subarray(0, 3)].every((bits) => bits.every((one, k) => one === GIVEN[k])),
  };
  const propagates = (wanted: number) => plane("propagation").every((bits) => (bits & wanted) === wanted);
  const nonFinite = propagates(PROPAGATES);
  const subnormal = GIVEN[3] ?? 0;
  const kept =
    once[KEPT_PRODUCT] === subnormal && once[KEPT_SUM] === 2 * subnormal && once[KEPT_UNDERFLOW] === bitsOf(2 ** -140);
  return Object.freeze({
    exact: Object.values(findings).every((holds) => holds),
    path: nonFinite ? "sum" : "bits",
    ...findings,
    fma: equal("fusedByOne"),
    contracts: !equal("fusedPlain"),
    fused: equal("fusedRest"),
    regroups: !equal("regroupedPlain", "lostPlain"),
    subnormals: kept ? "kept" : "flushed",
    halves: [...fromHalves(HALVES, "f16")].every((value, k) => Object.is(value, floatOf(once[UNPACKED + k] ?? 0))),
    nanUnequal: once[NAN_UNEQUAL] === 1,
    nonFinite,
    exp2Ends: propagates(EXP2_ENDS),
    loopTrips: tripsOf(once[LOOP_STATE] ?? 0),
    builtinError: Object.freeze({
      exp: worst("builtinExp"),
      log: worst("builtinLog"),
      exp2: worst("builtinExp2"),
      sin: worst("builtinSin"),
      cos: worst("builtinCos"),
    }),
  } as const);
}

/** What a machine that does as it is told would have written: for tests of the judge. */
export function idealWords(): Uint32Array {
  const words = new Uint32Array(PROBES.length * COUNT);
  for (let i = 0; i < COUNT; i++) {
    const inputs = inputsOf(i);
    PROBES.forEach((probe, k) => {
      const value = expected[probe]?.(inputs) ?? truths[probe]?.(inputs).value;
      words[k * COUNT + i] = value === undefined ? PROPAGATES | EXP2_ENDS : bitsOf(value);
    });
  }
  const subnormal = GIVEN[3] ?? 0;
  const unpacked = new Uint32Array(fromHalves(HALVES, "f16").buffer);
  const once = [
    ...[...GIVEN.subarray(0, 4), subnormal, 2 * subnormal, bitsOf(2 ** -140), 1, stateAfter(TRIPS)],
    ...unpacked,
  ];
  words.set(once, PROBES.indexOf("once") * COUNT);
  return words;
}

/** The state of the shader's long loop after so many trips. */
export function stateAfter(trips: number): number {
  let state = 1;
  for (let k = 0; k < trips; k++) state = step(state);
  return state;
}

/** The trips that led to a state; NaN where none of the first 70,000 does. */
function tripsOf(end: number): number {
  let state = 1;
  for (let trips = 0; trips <= TRIPS; trips++) {
    if (state === end) return trips;
    state = step(state);
  }
  return Number.NaN;
}

function step(state: number): number {
  return (Math.imul(state, 1664525) + 1013904223) >>> 0;
}

/** Equal bits, but for the sign of a zero, which WGSL leaves open. */
function same(bits: number, want: number): boolean {
  return bits === bitsOf(want) >>> 0 || (want === 0 && (bits & 0x7fffffff) === 0);
}

function lost(a: number, b: number): number {
  const s = f32(a + b);
  const t = f32(s - a);
  return f32(f32(a - f32(s - t)) + f32(b - t));
}

/** A value in units in its last place, as a normal f32; nothing is asked where it is none. */
function relative(value: number): { readonly value: number; readonly unit: number } {
  const normal = Math.abs(value) >= LEAST_NORMAL && Math.abs(value) < 2 ** 128;
  const exponent = (bitsOf(value) >>> 23) & 0xff;
  return { value, unit: normal ? 2 ** (exponent - 150) : Infinity };
}

function errorOf(bits: number, truth: { readonly value: number; readonly unit: number } | undefined): number {
  if (!truth || truth.unit === Infinity) return 0;
  const error = Math.abs(floatOf(bits) - truth.value) / truth.unit;
  return Number.isNaN(error) ? Infinity : error;
}
