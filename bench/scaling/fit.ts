import { medianOf } from "../harness/statistics.ts";

/** t = fixed + each · n. */
export interface Line {
  readonly fixed: number;
  readonly each: number;
}

/**
 * A line through times that grow over decades: least squares of relative errors, since a tenth of a millisecond matters at
 * the small end and not at the large one; reweighted a few times, so that one disturbed time does not bend it. Neither
 * cost can be less than nothing.
 */
export function fitLine(points: readonly { readonly n: number; readonly milliseconds: number }[]): Line | undefined {
  if (points.length < 3) return undefined;
  let weights = points.map(() => 1);
  let line: Line = { fixed: 0, each: 0 };
  for (let pass = 0; pass < 8; pass++) {
    line = weighted(points, weights);
    const errors = points.map(
      ({ n, milliseconds }) => Math.abs(line.fixed + line.each * n - milliseconds) / milliseconds,
    );
    const scale = Math.max(0.01, 2 * medianOf(errors));
    weights = errors.map((error) => (error <= scale ? 1 : scale / error));
  }
  return line;
}

function weighted(
  points: readonly { readonly n: number; readonly milliseconds: number }[],
  weights: readonly number[],
): Line {
  let w = 0;
  let wn = 0;
  let wnn = 0;
  let wt = 0;
  let wnt = 0;
  points.forEach(({ n, milliseconds: t }, k) => {
    const weight = (weights[k] as number) / t ** 2;
    w += weight;
    wn += weight * n;
    wnn += weight * n * n;
    wt += weight * t;
    wnt += weight * n * t;
  });
  const determinant = w * wnn - wn * wn;
  const each = (w * wnt - wn * wt) / determinant;
  const fixed = (wt - each * wn) / w;
  if (fixed < 0) return { fixed: 0, each: wnt / wnn };
  if (each < 0) return { fixed: wt / w, each: 0 };
  return { fixed, each };
}
