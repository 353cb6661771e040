import { remember } from "../../core/memo.ts";
import type { ScalarDistribution } from "../distribution.ts";
import { type Curve, RECORD } from "./curve.ts";
import { fitted, type Point } from "./fit.ts";
import { forward, forwardOfWhole } from "./forward.ts";
import { inverse } from "./inverse.ts";
import { ZERO_KEY } from "./keys.ts";
import { stepsOf } from "./steps.ts";

/** Functions of a distribution of numbers that are read off curves. */
export type Curved = "cdf" | "survival" | "logCdf" | "logSurvival" | "icdf";

/** A distribution's function as a curve. */
export interface Table {
  readonly curve: Curve;
  /** Whether the distribution is one of whole numbers: its functions take the number below, and quantiles are the number above. */
  readonly whole: boolean;
  /** Between which the values are. */
  readonly least: number;
  readonly most: number;
}

const tables = new WeakMap<ScalarDistribution, Map<Curved, Table>>();

/** A function's table, made when it is first asked for. */
export function tableOf(distribution: ScalarDistribution, of: Curved): Table {
  const own = remember(tables, distribution, () => new Map<Curved, Table>());
  return remember(own, of, () => madeOf(distribution, of));
}

function madeOf(distribution: ScalarDistribution, of: Curved): Table {
  const { low, high, whole } = endsOf(distribution);
  if (of === "icdf") return { curve: quantilesOf(distribution), whole, least: low, most: high };
  const ends = of === "cdf" || of === "survival" ? { least: 0, most: 1 } : { least: Number.NEGATIVE_INFINITY, most: 0 };
  const f: (x: number) => number = distribution[of];
  const pieces = fitted(whole ? forwardOfWhole(f) : forward(f));
  return { curve: { ...pieces, steps: 0, first: 0 }, whole, ...ends };
}

function endsOf({ support }: ScalarDistribution) {
  const [{ kind, low, high } = { kind: "interval", low: Number.NaN, high: Number.NaN }] = support;
  return { low, high, whole: kind === "integers" };
}

function quantilesOf(distribution: ScalarDistribution): Curve {
  const { cdf, icdf } = distribution;
  const { low, high, whole } = endsOf(distribution);
  const steps = whole ? stepsOf(distribution) : undefined;
  if (steps?.all) {
    return {
      starts: Uint32Array.from(steps.starts),
      steps: steps.starts.length,
      first: steps.first,
      records: new Uint32Array(RECORD),
    };
  }
  const from: Point = steps?.last ?? { place: ZERO_KEY, value: low };
  const pieces = fitted(inverse({ cdf, icdf, from, high, whole }));
  if (!steps) return { ...pieces, steps: 0, first: 0 };
  // The piece in which the steps end begins there.
  const begin = Math.floor(from.place) + 1;
  const before = pieces.starts.findLastIndex((start) => start <= begin);
  const starts = [...pieces.starts.subarray(before)].map((start) => Math.max(start, begin));
  return {
    starts: Uint32Array.from([...steps.starts, ...starts]),
    steps: steps.starts.length,
    first: steps.first,
    records: pieces.records.slice(before * RECORD),
  };
}
