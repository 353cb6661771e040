import { double } from "../../src/arithmetic/double.ts";
import { checkedCall } from "../../src/expectation/checked-call.ts";
import { wholeIntegrand } from "../../src/expectation/integrand.ts";
import { evaluator } from "../../src/expression/evaluate.ts";
import { parseFormula } from "../../src/expression/parse.ts";
import { lower } from "../../src/expression/program.ts";
import {
  type Distribution,
  type Engine,
  type Estimate,
  expectation,
  exponential,
  FormulaError,
  type Interval,
  independent,
  type Ladder,
  laplace,
  logNormal,
  normal,
  replicates,
  type Snapshot,
  uniform,
  varianceLadder,
} from "../../src/index.ts";
import { drawer } from "../../src/sampling/draws.ts";
import { messageOf } from "../shared/backend-words.ts";
import { dimensionOf, type FamilyName, type LadderMethod, presetOf, type Question } from "./model.ts";
import type { Batch } from "./quadrature.ts";

/** What is wrong with a formula. */
export interface FormulaProblem {
  readonly message: string;
  /** Where in the formula, from 0; undefined where it is no one place. */
  readonly at: number | undefined;
}

/** What the library says of a formula before it is drawn from; undefined if it can be. */
export function formulaProblem(formula: string): FormulaProblem | undefined {
  try {
    parse(formula);
    return undefined;
  } catch (error) {
    // The message goes on with the formula and a caret of its own; the field draws both.
    const message = messageOf(error).split("\n")[0]?.replace(/^f: /, "") ?? "";
    return {
      message: message.charAt(0).toUpperCase() + message.slice(1),
      at: error instanceof FormulaError ? error.position : undefined,
    };
  }
}

function parse(formula: string) {
  return parseFormula(formula, { dimension: dimensionOf(formula), where: "f" });
}

const factories: Readonly<Record<FamilyName, (a: number, b: number) => Distribution>> = {
  normal,
  uniform,
  exponential: (rate) => exponential(rate),
  logNormal,
  laplace,
};

/** One number of the family, or as many side by side as the formula names. */
function distributionOf({ family, a, b, formula }: Question): Distribution {
  const one = factories[family](a, b);
  const dimension = dimensionOf(formula);
  return dimension === 0 ? one : independent(Array.from({ length: dimension }, () => one));
}

export interface EstimateOptions {
  readonly samples: number;
  readonly seed: number;
  readonly signal?: AbortSignal;
  readonly resume?: Snapshot;
  readonly onProgress?: (estimate: Estimate) => void;
}

/** The library's estimate of the question. */
export function estimate(engine: Engine, question: Question, options: EstimateOptions): Promise<Estimate> {
  return expectation(engine, { of: question.formula, under: distributionOf(question), ...options });
}

/** How many samples a snapshot holds. */
export function samplesOf(snapshot: Snapshot | undefined): number {
  return (snapshot?.ranges ?? []).reduce((total, [, samples]) => total + samples, 0);
}

/** A formula in f64, at points of its only coordinate. */
export function evaluator64(formula: string): Batch {
  const evaluate = evaluator(lower([parse(formula)]), double);
  return (points) => (evaluate([points], [], points.length)[0] ?? new Float64Array(0)).slice(0, points.length);
}

/** Samples drawn at once: a few milliseconds. */
const slice = 8192;

/** f at samples 0 … count − 1 of a stream, in f32: the very values that the engine sums. */
export async function valuesOf(question: Question, seed: number, stream: number, count: number): Promise<Float64Array> {
  const asked = checkedCall(
    { of: question.formula, under: distributionOf(question), samples: count, seed, stream },
    "replicates",
  );
  const draw = drawer(wholeIntegrand(asked, asked.functions), "f32", slice);
  const values = new Float64Array(count);
  for (let first = 0; first < count; first += slice) {
    const size = Math.min(slice, count - first);
    const [drawn] = draw(asked.address, first, size).outputs;
    if (drawn) values.set(drawn.subarray(0, size), first);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return values;
}

/** Means of so many samples on each of some streams, one after another: where the replicates of `valuesOf` get to. */
export async function meansOf(
  engine: Engine,
  question: Question,
  options: {
    readonly seed: number;
    readonly stream: number;
    readonly replicates: number;
    readonly samples: number;
    readonly signal: AbortSignal;
  },
): Promise<readonly number[]> {
  const found = await replicates(engine, { of: question.formula, under: distributionOf(question), ...options });
  return found.map(({ mean }) => mean);
}

/** A method's variance at growing sizes. */
export interface MethodLadder {
  readonly method: LadderMethod;
  readonly rows: Ladder["rows"];
  /** Of log variance against log samples. */
  readonly slope: number;
  /** Holds the slope with a probability of 95 %. */
  readonly slopeInterval: Interval;
}

const ladderSizes: readonly number[] = [16, 64, 256, 1024, 4096, 16_384];
const ladderReplicates = 64;

/** Streams of the ladder: clear of the run's own and of the replicates'. */
const ladderStream = 1024;

/** Measures a method at growing sizes, from independent replicates of each. */
export async function ladder(
  engine: Engine,
  question: Question,
  method: LadderMethod,
  options: { readonly seed: number; readonly signal: AbortSignal },
): Promise<MethodLadder> {
  const control = method === "control" ? presetOf(question)?.control : undefined;
  const found = await varianceLadder(engine, {
    of: question.formula,
    under: distributionOf(question),
    sizes: ladderSizes,
    replicates: ladderReplicates,
    stream: ladderStream,
    ...options,
    ...(method === "control" ? {} : { method }),
    ...(control ? { control } : {}),
  });
  return { method, rows: found.rows, slope: found.slope, slopeInterval: found.interval(0.95) };
}

/** Why a method cannot be had for a question, in words; undefined where it can. */
export function methodRefusal(question: Question, method: LadderMethod): string | undefined {
  return method === "control" && !presetOf(question)?.control
    ? "no companion whose mean is known is at hand for this formula"
    : undefined;
}
