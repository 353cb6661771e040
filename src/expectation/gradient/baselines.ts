import type { Expr } from "../../expression/expr.ts";
import { mul, ONE } from "../../expression/simplify.ts";
import { drawer } from "../../sampling/draws.ts";
import { abortError } from "../abort.ts";
import type { CheckedCall } from "../checked-call.ts";
import { wholeIntegrand } from "../integrand.ts";
import { PILOT, PILOT_STREAM } from "../methods/control.ts";
import { freshTask } from "../time.ts";

/** Draws between two looks at the page and at the signal. */
const STRETCH = 2_048;

/**
 * What to take from f, for each component of a score: E[f], or E[f s²] / E[s²], which makes the variance of (f - b) s least (E.
 * Greensmith, P. Bartlett, J. Baxter, JMLR 5, 2004).
 *
 * From draws of their own, so that the estimate stays unbiased; on the host, in f32 arithmetic of our own, so that they are the same
 * numbers on every machine, and a run can go on or be joined anywhere.
 */
export async function baselinesOf(
  call: CheckedCall,
  f: Expr,
  scores: readonly Expr[],
  kind: "mean" | "optimal",
): Promise<readonly number[]> {
  const weights = scores.map((score) => (kind === "mean" ? ONE : mul(score, score)));
  const outputs = weights.flatMap((weight) => [mul(f, weight), weight]);
  const draw = drawer(wholeIntegrand(call, outputs), "f32", STRETCH);
  const sums = weights.map(() => ({ weighed: 0, weight: 0 }));
  for (let first = 0; first < PILOT; first += STRETCH) {
    if (call.signal?.aborted) throw abortError(call.signal);
    const drawn = draw({ ...call.address, stream: PILOT_STREAM }, first, STRETCH).outputs;
    sums.forEach((sum, j) => {
      const [weighed, weight] = [drawn[2 * j], drawn[2 * j + 1]];
      for (let i = 0; i < STRETCH; i++) {
        const [a, b] = [weighed?.[i] as number, weight?.[i] as number];
        if (!Number.isFinite(a) || !Number.isFinite(b)) continue;
        sum.weighed += a;
        sum.weight += b;
      }
    });
    await freshTask();
  }
  return sums.map(({ weighed, weight }) => (weight > 0 ? Math.fround(weighed / weight) : 0));
}
