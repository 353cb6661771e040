import type { GeneratorName } from "../../random/words.ts";
import type { I32, V128 } from "../../wasm/code.ts";
import { call, callInto, type FunctionBuilder, type FunctionRef, type ModuleBuilder } from "../../wasm/module.ts";
import { i32 } from "../../wasm/scalar.ts";
import { i32x4, v128 } from "../../wasm/simd.ts";
import { philox } from "../../wasm-formulas/philox.ts";
import {
  owenScramble,
  type Scramble,
  type SobolLanes,
  scrambleOf,
  sobolFunction,
  sobolLanes,
} from "../../wasm-formulas/sobol.ts";
import { type StrataParams, stratumWord } from "../../wasm-formulas/strata.ts";
import { type FourWords, threefry } from "../../wasm-formulas/threefry.ts";
import type { Integrand } from "../integrand.ts";
import { coordinates, SCRAMBLE_PURPOSE } from "../integrand.ts";
import { JOB } from "./layout.ts";

/** Four quads of a run, a quad a lane. */
export interface Quads {
  /** The place in the run of the first. */
  readonly q: I32;
  /** The lower 32 bits of their indices. */
  readonly low: V128;
}

/** The random words of a run: the generator's own, or moved into strata or on Sobol points. */
export interface Source {
  /** The generator's words of a coordinate and purpose (coordinate + 2^16 purpose). */
  generate(quads: Quads, last: V128): FourWords;
  /** The words of a coordinate: word j of each quad, from the generator, strata or Sobol points. */
  words(quads: Quads, coordinate: number): FourWords;
}

/** Functions that runs call rather than have their code written out: the generator, and a coordinate's Sobol points. */
export interface Helpers {
  /** The generator as a function, for integrands of many coordinates. */
  readonly generator: FunctionRef | undefined;
  readonly sobol: FunctionRef | undefined;
}

/** Coordinates up to which the generator is written out where it is used. */
const MOST_INLINE = 4;

export function helpersOf(module: ModuleBuilder, integrand: Integrand, generator: GeneratorName): Helpers {
  const many = coordinates(integrand).length > MOST_INLINE;
  return {
    generator: many ? generatorFunction(module, generator) : undefined,
    sobol: integrand.draws.kind === "sobol" ? sobolFunction(module) : undefined,
  };
}

const WORDS = ["v128", "v128", "v128", "v128"] as const;

function generatorFunction(module: ModuleBuilder, name: GeneratorName): FunctionRef {
  return module.function([...WORDS, "v128", "v128"], WORDS, (f) => {
    const [low, high, stream, last, k0, k1] = [0, 1, 2, 3, 4, 5].map((k) => f.parameter("v128", k)) as [
      V128,
      V128,
      V128,
      V128,
      V128,
      V128,
    ];
    f.return(...GENERATORS[name](f, [low, high, stream, last], [k0, k1]));
  });
}

const GENERATORS = { "threefry4x32-20": threefry, "philox4x32-10": philox } as const;

/** The words of a run: what is the same for all of its quads is computed here. */
export function sourceOf(
  f: FunctionBuilder,
  integrand: Integrand,
  name: GeneratorName,
  helpers: Helpers,
  { job, low, high, stream }: { readonly job: I32; readonly low: I32; readonly high: I32; readonly stream: I32 },
): Source {
  const key = [f.let(v128.loadSplat(job, JOB.seedLow)), f.let(v128.loadSplat(job, JOB.seedHigh))] as const;
  const [highs, streams] = [f.let(i32x4.splat(high)), f.let(i32x4.splat(stream))];
  const generated = (counter: FourWords): FourWords => {
    if (!helpers.generator) return GENERATORS[name](f, counter, key);
    const results = WORDS.map((type) => f.variable(type));
    callInto(f, helpers.generator, [...counter, ...key], ...results);
    return results.map(({ value }) => value) as unknown as FourWords;
  };
  const generate = (quads: Quads, last: V128) => generated([quads.low, highs, streams, last]);
  const { draws } = integrand;
  if (draws.kind === "sobol")
    return { generate, words: sobolWords(f, integrand, helpers, job, low, streams, generated) };
  const plain = (quads: Quads, coordinate: number) => generate(quads, i32x4.const(coordinate));
  if (draws.kind === "random") return { generate, words: plain };
  const strata: StrataParams = {
    count: f.let(v128.loadSplat(job, JOB.strataCount)),
    width: f.let(v128.loadSplat(job, JOB.strataWidth)),
    fraction: f.let(v128.loadSplat(job, JOB.strataFraction)),
  };
  const words = (quads: Quads, coordinate: number): FourWords => {
    const four = plain(quads, coordinate);
    if (!draws.coordinates.includes(coordinate)) return four;
    const first = f.let(i32x4.shl(quads.low, 2));
    return four.map((w, j) =>
      stratumWord(f, f.let(i32x4.add(first, i32x4.const(j))), w, strata),
    ) as unknown as FourWords;
  };
  return { generate, words };
}

function sobolWords(
  f: FunctionBuilder,
  integrand: Integrand,
  { sobol }: Helpers,
  job: I32,
  low: I32,
  streams: V128,
  generated: (counter: FourWords) => FourWords,
): Source["words"] {
  if (!sobol) throw new Error("no function of Sobol words");
  const directions = f.let(i32.load(job, JOB.directions));
  const zero = i32x4.const(0);
  const parts = new Map<number, { at: I32; base: I32; lanes: SobolLanes; scramble: Scramble }>();
  for (const c of coordinates(integrand)) {
    const at = f.let(i32.add(directions, i32.const(128 * c)));
    const base = f.let(call("i32", sobol, at, i32.shl(low, i32.const(2))));
    const [first] = generated([zero, zero, streams, i32x4.const(c + SCRAMBLE_PURPOSE * 2 ** 16)]);
    parts.set(c, { at, base, lanes: sobolLanes(f, at), scramble: scrambleOf(f, first) });
  }
  return ({ q }, c) => {
    const part = parts.get(c);
    if (!part) throw new Error(`no Sobol coordinate ${c}`);
    const word = i32.xor(part.base, call("i32", sobol, i32.add(part.at, i32.const(8)), q));
    const first = f.let(v128.xor(i32x4.splat(word), part.lanes.quads));
    return part.lanes.points.map((point) =>
      owenScramble(f, v128.xor(first, point), part.scramble),
    ) as unknown as FourWords;
  };
}
