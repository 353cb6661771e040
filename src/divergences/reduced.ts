import type { Distribution, ScalarDistribution } from "../distributions/distribution.ts";
import { type Cauchy, cauchy } from "../distributions/families/cauchy.ts";
import type { Exponential } from "../distributions/families/exponential.ts";
import { type Gumbel, gumbel } from "../distributions/families/gumbel.ts";
import { type Laplace, laplace } from "../distributions/families/laplace.ts";
import type { LogNormal } from "../distributions/families/log-normal.ts";
import { type Logistic, logistic } from "../distributions/families/logistic.ts";
import { type Normal, normal } from "../distributions/families/normal.ts";
import { type StudentT, studentT } from "../distributions/families/student-t.ts";
import type { Weibull } from "../distributions/families/weibull.ts";

// A divergence does not change when both distributions go through one invertible map, and integrals keep more digits where distances
// from 0 are distances from a distribution, and where all values are numbers of f64.

/** A distribution by location and scale, and how others of its shape are made. */
interface Placed {
  readonly location: number;
  readonly scale: number;
  at(location: number, scale: number): ScalarDistribution;
}

const placed: Readonly<Record<string, (d: never) => Placed>> = {
  normal: ({ mean, std }: Normal) => ({ location: mean, scale: std, at: normal }),
  laplace: ({ mean, scale }: Laplace) => ({ location: mean, scale, at: laplace }),
  logistic: ({ mean, scale }: Logistic) => ({ location: mean, scale, at: logistic }),
  gumbel: ({ location, scale }: Gumbel) => ({ location, scale, at: gumbel }),
  cauchy: ({ location, scale }: Cauchy) => ({ location, scale, at: cauchy }),
  studentT: ({ degrees, location, scale }: StudentT) => ({ location, scale, at: (m, s) => studentT(degrees, m, s) }),
};

/** The distribution of -log X. */
const logarithms: Readonly<Record<string, (d: never) => Placed>> = {
  logNormal: ({ logMean, logStd }: LogNormal) => ({ location: -logMean, scale: logStd, at: normal }),
  weibull: ({ scale, shapeParameter }: Weibull) => ({
    location: -Math.log(scale),
    scale: 1 / shapeParameter,
    at: gumbel,
  }),
  exponential: ({ rate }: Exponential) => ({ location: Math.log(rate), scale: 1, at: gumbel }),
};

/** What both are where the narrower one lies at 0 with scale 1, if they have locations and scales, or their logarithms have. */
export function reduced<D extends Distribution>(p: D, q: D): readonly [D, D] {
  for (const table of [placed, logarithms]) {
    const [own, other] = [lookedUp(table, p), lookedUp(table, q)];
    if (!own || !other) continue;
    const { location, scale } = own.scale <= other.scale ? own : other;
    const moved = [own, other].map((one) => [(one.location - location) / scale, one.scale / scale] as const);
    if (moved.some(([m, s]) => !(Math.abs(m) < MOST && s < MOST))) continue;
    return [own, other].map((one, k) => one.at(...(moved[k] ?? [0, 1]))) as unknown as readonly [D, D];
  }
  return [p, q];
}

/** Within f32's range, as distributions are. */
const MOST = 1e38;

function lookedUp(table: typeof placed, d: Distribution): Placed | undefined {
  const make = Object.hasOwn(table, d.name) ? table[d.name] : undefined;
  return make && (make as (d: Distribution) => Placed)(d);
}
