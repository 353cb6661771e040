import { single } from "../arithmetic/single.ts";
import {
  cosOfWord,
  cosOfWord64,
  normalRadius,
  normalRadius64,
  sinOfWord,
  sinOfWord64,
  unitRefined,
} from "../arithmetic/variates.ts";
import { evaluator, type FloatArray } from "../expression/evaluate.ts";
import { type Address, fillWords } from "../random/words.ts";
import { type DrawnVariates, variateSource } from "./draw-variates.ts";
import { type Integrand, MOST_ATTEMPTS, outputsOf, type Variate } from "./integrand.ts";

/** Draws rejected samples again, in place; gives the places of those that no attempt has given. */
export type RejectionSource = (
  address: Address,
  first: number,
  count: number,
  filled: DrawnVariates,
) => readonly number[];

/**
 * The redrawer of an integrand with rejections. Attempt k = 1, 2 … takes the words of purpose 1 + k. Whether a sample is accepted is
 * decided in f32 in either precision: in f64 a few would be decided otherwise, and be other samples.
 */
export function rejectionSource(integrand: Integrand, precision: "f32" | "f64", most: number): RejectionSource {
  const { program, rejections = [], variates: kinds } = integrand;
  const parameters = integrand.parameters.map(Math.fround);
  const [decide, decideAgain] = [evaluator(program, single), evaluator(program, single)];
  const fillSingle = precision === "f64" ? variateSource(integrand, "f32", most) : undefined;
  const some = Array.from({ length: program.variables }, () => new Float32Array(most));
  const words = new Uint32Array(4);
  return (address, first, count, { variates, rare }) => {
    const singles = fillSingle ? fillSingle(address, first, count).variates : variates;
    const conditions = (values: readonly FloatArray[]) => values.slice(outputsOf(integrand));
    const redrawOne = (place: number, c: number, attempt: number) => {
      fillWords(words, address, c, 1 + attempt, first + place - (place % 4));
      const kind = kinds[c] as Variate;
      (singles[c] as FloatArray)[place] = variateOf(kind, words, place % 4, "f32");
      if (fillSingle) (variates[c] as FloatArray)[place] = variateOf(kind, words, place % 4, "f64");
    };
    let accepted = conditions(decide(singles, parameters, count));
    let places = Array.from({ length: count }, (_, place) => place);
    for (let attempt = 1; ; attempt++) {
      const groups = places.map((_, k) => rejections.filter((_, group) => accepted[group]?.[k] === 0));
      const [pending, again] = [places.filter((_, k) => groups[k]?.length), groups.filter((group) => group.length)];
      for (const place of pending) rare[place >> 2] = 1;
      if (pending.length === 0 || attempt === MOST_ATTEMPTS) return pending;
      pending.forEach((place, k) => {
        for (const c of again[k]?.flat() ?? []) redrawOne(place, c, attempt);
      });
      some.forEach((gathered, c) => {
        const all = singles[c] as FloatArray;
        pending.forEach((place, k) => {
          gathered[k] = all[place] as number;
        });
      });
      places = pending;
      accepted = conditions(decideAgain(some, parameters, pending.length));
    }
  };
}

/** The variate of lane `lane` of a quad's words; the middle of its cell stands for the second word that it has not. */
function variateOf(kind: Variate, words: Uint32Array, lane: number, precision: "f32" | "f64"): number {
  const middle = (k: number) => unitRefined(words[k] as number, 0x80000000);
  if (kind === "uniform") return middle(lane);
  const turn = words[lane | 1] as number;
  const even = (lane & 1) === 0;
  if (precision === "f64") return normalRadius64(middle(lane & 2)) * (even ? cosOfWord64(turn) : sinOfWord64(turn));
  return Math.fround(normalRadius(middle(lane & 2)) * (even ? cosOfWord(turn) : sinOfWord(turn)));
}
