import type { V128 } from "../../wasm/code.ts";
import type { FunctionBuilder, Variable } from "../../wasm/module.ts";
import { i32 } from "../../wasm/scalar.ts";
import { f32x4, i32x4, v128 } from "../../wasm/simd.ts";
import type { FourWords } from "../../wasm-formulas/threefry.ts";
import { isRare, normalOfWord, normalRadius, turn, unit, unitRefined } from "../../wasm-formulas/variates.ts";
import { coordinates, type Integrand, MOST_ATTEMPTS, outputsOf, type Variate } from "../integrand.ts";
import type { Quads, Source } from "./run-words.ts";

/** A value of each of 16 samples: [j] has sample j of four quads, a quad a lane. */
export type Four = readonly [V128, V128, V128, V128];

/** The program's outputs at four points, given its variables. */
export type Evaluate = (variables: readonly V128[]) => readonly V128[];

const PLACES = [0, 1, 2, 3] as const;

/** The middle of its cell stands for the second word of a word that has none. */
const MIDDLE = i32x4.const(0x80000000);

/** Samples as the quick loop draws them: all outputs and conditions, and the quads whose values do not count. */
export function drawQuick(
  f: FunctionBuilder,
  integrand: Integrand,
  source: Source,
  quads: Quads,
  evaluate: Evaluate,
): { readonly outputs: readonly Four[]; readonly flagged: V128 } {
  const random = integrand.draws.kind === "random";
  const rare: V128[] = [];
  const variates = new Map<number, Four>();
  for (const c of coordinates(integrand)) {
    const kind = integrand.variates[c] as Variate;
    const words = source.words(quads, c);
    const looked = kind === "normal" ? [words[0], words[2]] : words;
    if (random) rare.push(...looked);
    variates.set(c, variatesOf(f, kind, words, random ? unit : (w) => unitRefined(f, w, MIDDLE), random));
  }
  const values = evaluateAll(f, integrand, variates, evaluate);
  const marks = rare.length > 0 ? [isRare(rare.reduce(i32x4.minU))] : [];
  for (const condition of values.slice(outputsOf(integrand))) for (const value of condition) marks.push(isFalse(value));
  return { outputs: values, flagged: f.let(marks.length > 0 ? marks.reduce(v128.or) : i32x4.const(0)) };
}

/** Samples with the second words of rare ones, drawn again until they are accepted. */
export function drawCareful(
  f: FunctionBuilder,
  integrand: Integrand,
  source: Source,
  quads: Quads,
  evaluate: Evaluate,
): readonly Four[] {
  const { draws, rejections = [], variates: kinds } = integrand;
  const variates = new Map<number, Four>();
  for (const c of coordinates(integrand)) {
    const words = source.words(quads, c);
    const random = draws.kind === "random";
    const second = random ? source.generate(quads, i32x4.const(c + 2 ** 16)) : undefined;
    const refined = (w: V128, j: number) => unitRefined(f, w, second?.[j] ?? MIDDLE);
    variates.set(c, variatesOf(f, kinds[c] as Variate, words, refined, random));
  }
  const outputs = outputsOf(integrand);
  if (rejections.length === 0) return evaluateAll(f, integrand, variates, evaluate).slice(0, outputs);
  return drawAgain(f, integrand, source, quads, variates, evaluate);
}

/** Draws what is rejected again, group by group, with the words of attempt 1, 2 …, which are those of purpose 2, 3 …. */
function drawAgain(
  f: FunctionBuilder,
  integrand: Integrand,
  source: Source,
  quads: Quads,
  first: ReadonlyMap<number, Four>,
  evaluate: Evaluate,
): readonly Four[] {
  const { rejections = [], variates: kinds } = integrand;
  const outputs = outputsOf(integrand);
  const places = new Map([...first].map(([c, four]) => [c, four.map((x) => f.variable("v128", x))]));
  const current = () => new Map([...places].map(([c, four]) => [c, four.map(({ value }) => value) as unknown as Four]));
  const results = Array.from({ length: outputs }, () => PLACES.map(() => f.variable("v128")));
  const waiting = rejections.map(() => PLACES.map(() => f.variable("v128")));
  const evaluateNow = () => {
    const values = evaluateAll(f, integrand, current(), evaluate);
    results.forEach((four, k) => {
      four.forEach((result, j) => {
        result.set(values[k]?.[j] as V128);
      });
    });
    waiting.forEach((four, group) => {
      four.forEach((mask, j) => {
        mask.set(isFalse(values[outputs + group]?.[j] as V128));
      });
    });
  };
  const anyWaiting = () => v128.anyTrue(waiting.flat().map(held).reduce(v128.or));
  evaluateNow();
  const attempt = f.variable("i32", i32.const(1));
  f.while(
    () => i32.and(i32.ltS(attempt.value, i32.const(MOST_ATTEMPTS)), anyWaiting()),
    () => {
      rejections.forEach((group, k) => {
        const again = (waiting[k] as Variable<"v128">[]).map(held);
        for (const c of group) {
          const purpose = i32.shl(i32.add(attempt.value, i32.const(1)), i32.const(16));
          const words = source.generate(quads, f.let(i32x4.splat(i32.add(purpose, i32.const(c)))));
          const fresh = variatesOf(f, kinds[c] as Variate, words, (w) => unitRefined(f, w, MIDDLE), true);
          places.get(c)?.forEach((x, j) => {
            x.set(v128.select(again[j] as V128, fresh[j] as V128, x.value));
          });
        }
      });
      evaluateNow();
      attempt.set(i32.add(attempt.value, i32.const(1)));
    },
  );
  // What no attempt has given is not a number, and is counted as such.
  return results.map((four) =>
    four.map(({ value }, j) =>
      f.let(v128.or(value, waiting.map((group) => (group[j] as Variable<"v128">).value).reduce(v128.or))),
    ),
  ) as unknown as readonly Four[];
}

const held = ({ value }: Variable<"v128">): V128 => value;

/** The variates of four quads' words; `uniform` makes a number in (0, 1) of word j. */
export function variatesOf(
  f: FunctionBuilder,
  kind: Variate,
  words: FourWords,
  uniform: (w: V128, j: number) => V128,
  random: boolean,
): Four {
  if (kind === "uniform") return words.map((w, j) => f.let(uniform(w, j))) as unknown as Four;
  if (!random) return words.map((w) => normalOfWord(f, w)) as unknown as Four;
  // A pair of words makes a pair of normals.
  const pairs = ([0, 2] as const).flatMap((j) => {
    const radius = normalRadius(f, uniform(words[j], j));
    const [cosine, sine] = turn(f, words[(j + 1) as 1 | 3]);
    return [f.let(f32x4.mul(radius, cosine)), f.let(f32x4.mul(radius, sine))];
  });
  return pairs as unknown as Four;
}

function evaluateAll(
  f: FunctionBuilder,
  integrand: Integrand,
  variates: ReadonlyMap<number, Four>,
  evaluate: Evaluate,
): readonly Four[] {
  const { program } = integrand;
  const none = f32x4.const(0);
  const each = PLACES.map((j) => {
    const values = evaluate(Array.from({ length: program.variables }, (_, c) => variates.get(c)?.[j] ?? none));
    return values.map((value) => f.let(value));
  });
  return program.outputs.map((_, k) => each.map((values) => values[k])) as unknown as readonly Four[];
}

/** Where a condition's number is 0. */
function isFalse(condition: V128): V128 {
  return f32x4.lt(condition, f32x4.const(0.5));
}
