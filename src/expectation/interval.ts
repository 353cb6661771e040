import { double } from "../arithmetic/double.ts";
import { studentQuantile } from "../distributions/special/student.ts";
import type { Interval } from "./estimate.ts";

/** mean ± t s.e., all numbers where there is no error bar. */
export function student(mean: number, standardError: number, degrees: number, level: number): Interval {
  if (!(degrees > 0) || standardError === Number.POSITIVE_INFINITY) {
    return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  }
  const reach = -studentQuantile(degrees, (1 - level) / 2, standardError);
  return [mean - reach, mean + reach];
}

/** Wilson's score interval of a proportion (E. B. Wilson, JASA 22, 1927), good also for few or no successes. */
export function wilson(proportion: number, n: number, level: number): Interval {
  if (n < 2) return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const z = double.normalQuantile(0.5 + level / 2);
  const shrink = 1 + (z * z) / n;
  const centre = (proportion + (z * z) / (2 * n)) / shrink;
  const reach = (z / shrink) * Math.sqrt((proportion * (1 - proportion)) / n + (z * z) / (4 * n * n));
  return [proportion === 0 ? 0 : Math.max(0, centre - reach), proportion === 1 ? 1 : Math.min(1, centre + reach)];
}
