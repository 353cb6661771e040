import type { Estimate, VectorEstimate } from "../expectation/estimate.ts";

/**
 * One function's estimate out of several on the same samples. Its snapshot is that of all of them.
 *
 * @param names - of the functions, for warnings
 */
export function componentOf(all: VectorEstimate, k: number, names: readonly string[]): Estimate {
  const at = (values: readonly number[]) => values[k] ?? Number.NaN;
  return {
    ...all,
    warnings: all.warnings
      .filter(({ message }) => functionIn(message) === undefined || functionIn(message) === k)
      .map(({ code, message }) => ({ code, message: message.replaceAll(`function ${k}`, names[k] ?? "f") })),
    mean: at(all.mean),
    finiteMean: at(all.finiteMean),
    variance: at(all.variance),
    standardError: at(all.standardError),
    nonFinite: at(all.nonFinite),
    interval: (level) => all.interval(level)[k] ?? [Number.NaN, Number.NaN],
  };
}

/** Which function a warning is about; undefined for all of them. */
function functionIn(message: string): number | undefined {
  const found = /\bfunction (\d+)\b/.exec(message)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** The same estimate of the expectation plus a number; one that is not finite has nowhere to move from. */
export function movedTo(estimate: Estimate, mean: number): Estimate {
  if (!Number.isFinite(mean - estimate.mean)) return { ...estimate, mean };
  const by = mean - estimate.mean;
  const { interval } = estimate;
  return {
    ...estimate,
    mean,
    finiteMean: estimate.finiteMean + by,
    interval: (level) => {
      const [low, high] = interval(level);
      return [low + by, high + by];
    },
  };
}
