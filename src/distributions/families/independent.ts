import { variable } from "../../expression/expr.ts";
import { add } from "../../expression/simplify.ts";
import { listOf } from "../checks.ts";
import type { Atom, Distribution, VectorDistribution } from "../distribution.ts";
import { type Formulas, vector } from "../make.ts";
import {
  checkDistribution,
  coordinatesOfPoint,
  prefixedFormula,
  prefixedParameters,
  prefixedRefined,
  prefixedRejections,
  sizeOf,
} from "../parts.ts";

export interface Independent extends VectorDistribution {
  readonly name: "independent";
  readonly distributions: readonly Distribution[];
}

/** Most combinations of values that are listed. */
const MOST_ATOMS = 65_536;

/** A distribution and where its coordinates start. */
interface Block {
  readonly distribution: Distribution;
  readonly start: number;
}

/**
 * Several distributions side by side as one of vectors: the coordinates of the first, then those of the second, and so on.
 *
 * @throws InputError unless distributions is an array of at least one distribution
 */
export function independent(distributions: readonly Distribution[]): Independent {
  const list = Object.freeze([...listOf(distributions, "distributions", "independent")]);
  let size = 0;
  const parts = list.map((distribution, k): Block => {
    checkDistribution(distribution, `distributions[${k}]`, "independent");
    const start = size;
    size += sizeOf(distribution);
    return { distribution, start };
  });
  return vector<Independent>({
    own: {
      name: "independent",
      distributions: list,
      mean: list.flatMap(({ mean }) => coordinatesOfPoint(mean)),
      variance: list.flatMap(({ variance }) => coordinatesOfPoint(variance)),
      logProb(x) {
        const logs = parts.map((part) => logProbOf(part, x));
        // Outside one's support there is no density, also where another's is infinite.
        if (logs.includes(Number.NEGATIVE_INFINITY) && !logs.some(Number.isNaN)) return Number.NEGATIVE_INFINITY;
        return logs.reduce((sum, log) => sum + log, 0);
      },
      standardDeviation: () => list.flatMap((distribution) => coordinatesOfPoint(distribution.standardDeviation)),
      mode: () => modeOf(list),
      entropy: () => list.reduce((sum, distribution) => sum + distribution.entropy(), 0),
    },
    support: list.flatMap(({ support }) => support),
    model: () => modelOf(parts),
    atoms: () => atomsOf(list),
  });
}

function modeOf(list: readonly Distribution[]): readonly number[] | undefined {
  const modes = list.flatMap(({ mode }) => (mode === undefined ? [] : [coordinatesOfPoint(mode)]));
  return modes.length === list.length ? modes.flat() : undefined;
}

function logProbOf({ distribution, start }: Block, x: readonly number[]): number {
  const [size] = distribution.shape;
  return distribution.logProb(size === undefined ? (x[start] ?? Number.NaN) : x.slice(start, start + size));
}

function modelOf(parts: readonly Block[]): Formulas {
  let variates = 0;
  const models = parts.map(({ distribution: { model }, start }, k) => {
    const prefix = `d${k}_`;
    const first = variates;
    variates += model.variates.length;
    return {
      ...model,
      event: model.event.map((expr) => prefixedFormula(expr, prefix, (index) => variable(first + index))),
      refined: model.event.map((_, c) => {
        const refined = model.refined?.[c];
        return refined && prefixedRefined(refined, prefix, (index) => variable(first + index));
      }),
      rejections: prefixedRejections(model, prefix, (index) => first + index),
      logDensity: prefixedFormula(model.logDensity, prefix, (index) => variable(start + index)),
      parameters: prefixedParameters(model, prefix),
    };
  });
  return {
    variates: models.flatMap((model) => model.variates),
    rejections: models.flatMap((model) => model.rejections),
    event: models.flatMap((model) => model.event),
    refined: models.flatMap((model) => model.refined),
    logDensity: models.map((model) => model.logDensity).reduce(add),
    parameters: Object.assign({}, ...models.map((model) => model.parameters)),
    jumps: models.some((model) => model.jumps === true),
  };
}

// Every combination of the parts' values.
function atomsOf(parts: readonly Distribution[]): readonly Atom[] | undefined {
  let combinations: readonly Atom[] = [{ value: [], probability: 1 }];
  for (const { atoms } of parts) {
    if (!atoms || atoms.length * combinations.length > MOST_ATOMS) return undefined;
    combinations = combinations.flatMap(({ value, probability }) =>
      atoms.map((atom) => ({
        value: Object.freeze([...coordinatesOfPoint(value), ...coordinatesOfPoint(atom.value)]),
        probability: probability * atom.probability,
      })),
    );
  }
  return combinations;
}
