import type { Arithmetic } from "../arithmetic/arithmetic.ts";
import { double } from "../arithmetic/double.ts";
import { single } from "../arithmetic/single.ts";
import {
  cosOfWord,
  cosOfWord64,
  normalOfWord,
  normalOfWord64,
  normalRadius,
  normalRadius64,
  sinOfWord,
  sinOfWord64,
  unit,
  unitRefined,
} from "../arithmetic/variates.ts";
import type { FloatArray } from "../expression/evaluate.ts";
import { owenScrambleAll } from "../random/owen.ts";
import { fillSobolWords } from "../random/sobol.ts";
import { stratumWord } from "../random/strata.ts";
import { type Address, fillWords, PURPOSE } from "../random/words.ts";
import { coordinates, type Draws, type Integrand, RARE_BELOW, SCRAMBLE_PURPOSE, type Variate } from "./integrand.ts";

/** The variates of consecutive samples from their ordinary words, and which quads had a rare word. */
export interface DrawnVariates {
  readonly variates: readonly FloatArray[];
  readonly rare: Uint8Array;
}

/** Fills the variates of samples first … first + count - 1; the arrays hold until the next call. */
export type VariateSource = (address: Address, first: number, count: number) => DrawnVariates;

export function variateSource(integrand: Integrand, precision: "f32" | "f64", most: number): VariateSource {
  const arithmetic = precision === "f32" ? single : double;
  const make = () => (precision === "f32" ? new Float32Array(most) : new Float64Array(most));
  const used = coordinates(integrand);
  const variates = Array.from({ length: integrand.program.variables }, make);
  const words = new Uint32Array(most);
  const second = new Uint32Array(4);
  const rare = new Uint8Array(most / 4);
  return (address, first, count) => {
    rare.fill(0);
    for (const c of used) {
      const slice = words.subarray(0, count);
      fillCoordinate(slice, integrand.draws, address, c, first);
      const refine = (quad: number) => {
        rare[quad] = 1;
        fillWords(second, address, c, PURPOSE.refinement, first + 4 * quad);
        return second;
      };
      const variate = integrand.variates[c] as Variate;
      const out = variates[c] as FloatArray;
      const pointwise = integrand.draws.kind !== "random";
      if (pointwise) fillPointwise(out, slice, variate, arithmetic);
      else if (variate === "normal") fillNormals(out, slice, refine, arithmetic);
      else fillUniforms(out, slice, refine);
    }
    return { variates, rare };
  };
}

/** The words of a coordinate, wherever they come from. */
function fillCoordinate(out: Uint32Array, draws: Draws, address: Address, c: number, first: number): void {
  if (draws.kind === "sobol") {
    fillWords(scrambles, address, c, SCRAMBLE_PURPOSE, 0);
    const [seed] = scrambles as unknown as readonly [number];
    fillSobolWords(out, draws.directions, c, first);
    owenScrambleAll(out, seed);
    return;
  }
  fillWords(out, address, c, PURPOSE.value, first);
  if (draws.kind !== "stratified" || !draws.coordinates.includes(c)) return;
  // A last quad may reach beyond the last stratum; nobody looks at that.
  for (let k = 0; k < out.length; k++) out[k] = stratumWord(first + k, out[k] as number, draws.strata);
}

const scrambles = new Uint32Array(4);

/** Second words of a quad. */
type Refine = (quad: number) => Uint32Array;

function fillNormals(out: FloatArray, words: Uint32Array, refine: Refine, arithmetic: Arithmetic): void {
  const exact = arithmetic.name === "f64";
  for (let k = 0; k < words.length; k += 2) {
    const w = words[k] as number;
    const turn = words[k + 1] as number;
    const u = w < RARE_BELOW ? unitRefined(w, refine(k >> 2)[k & 2] as number) : unit(w);
    if (exact) {
      const r = normalRadius64(u);
      out[k] = r * cosOfWord64(turn);
      out[k + 1] = r * sinOfWord64(turn);
    } else {
      const r = normalRadius(u);
      out[k] = r * cosOfWord(turn);
      out[k + 1] = r * sinOfWord(turn);
    }
  }
}

function fillUniforms(out: FloatArray, words: Uint32Array, refine: Refine): void {
  for (let k = 0; k < words.length; k++) {
    const w = words[k] as number;
    out[k] = w < RARE_BELOW ? unitRefined(w, refine(k >> 2)[k & 3] as number) : unit(w);
  }
}

/** Variates of words that have no second ones: strata and Sobol points. */
function fillPointwise(out: FloatArray, words: Uint32Array, variate: Variate, arithmetic: Arithmetic): void {
  const normal = arithmetic.name === "f64" ? normalOfWord64 : normalOfWord;
  for (let k = 0; k < words.length; k++) {
    const w = words[k] as number;
    out[k] = variate === "normal" ? normal(w) : unitRefined(w, 0x80000000);
  }
}
