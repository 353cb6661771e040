import type { Distribution, Support } from "../distributions/distribution.ts";
import type { Beta } from "../distributions/families/beta.ts";
import type { Exponential } from "../distributions/families/exponential.ts";
import type { Gamma } from "../distributions/families/gamma.ts";
import type { Gumbel } from "../distributions/families/gumbel.ts";
import type { Laplace } from "../distributions/families/laplace.ts";
import type { LogNormal } from "../distributions/families/log-normal.ts";
import type { Logistic } from "../distributions/families/logistic.ts";
import type { Normal } from "../distributions/families/normal.ts";
import type { Pareto } from "../distributions/families/pareto.ts";
import type { StudentT } from "../distributions/families/student-t.ts";
import type { TruncatedNormal } from "../distributions/families/truncated-normal.ts";
import type { Weibull } from "../distributions/families/weibull.ts";
import { asGeneral } from "./general.ts";

/**
 * How a log-density goes on towards an end of its support, as a sum of coefficients times functions of y: y is |x| towards infinity,
 * and one over the distance to a finite end.
 */
type Growth = readonly Term[];

/** A coefficient of exp(rate y), y^power, (log y)² or log y. */
type Term =
  | { readonly kind: "exponential"; readonly order: number; readonly by: number }
  | { readonly kind: "power"; readonly order: number; readonly by: number }
  | { readonly kind: "logSquare"; readonly order: 2; readonly by: number }
  | { readonly kind: "log"; readonly order: 1; readonly by: number };

/** -1 for the lower end, 1 for the upper. */
type Side = -1 | 1;

const power = (order: number, by: number): Term => ({ kind: "power", order, by });
const log = (by: number): Term => ({ kind: "log", order: 1, by });

const families: Readonly<Record<string, (d: never, side: Side) => Growth>> = {
  normal: ({ mean, std }: Normal, side) => squares(mean, std, side),
  truncatedNormal: (d: TruncatedNormal, side) =>
    Number.isFinite(endOf(d, side)) ? [] : squares(d.untruncatedMean, d.untruncatedStd, side),
  laplace: ({ scale }: Laplace) => [power(1, -1 / scale)],
  logistic: ({ scale }: Logistic) => [power(1, -1 / scale)],
  gumbel: ({ location, scale }: Gumbel, side) =>
    side === 1
      ? [power(1, -1 / scale)]
      : [{ kind: "exponential", order: 1 / scale, by: -Math.exp(clamped(location / scale)) }, power(1, 1 / scale)],
  cauchy: () => [log(-2)],
  studentT: ({ degrees }: StudentT) => [log(-(degrees + 1))],
  uniform: () => [],
  vonMises: () => [],
  exponential: ({ rate }: Exponential, side) => (side === 1 ? [power(1, -rate)] : []),
  gamma: ({ concentration, rate }: Gamma, side) =>
    side === 1 ? [power(1, -rate), log(concentration - 1)] : [log(1 - concentration)],
  weibull: ({ scale, shapeParameter: k }: Weibull, side) =>
    side === 1 ? [power(k, -(scale ** -k)), log(k - 1)] : [log(1 - k)],
  logNormal({ logMean, logStd }: LogNormal, side) {
    const precision = 1 / logStd ** 2;
    return [{ kind: "logSquare", order: 2, by: -precision / 2 }, log(side * (logMean * precision - 1))];
  },
  pareto: ({ shapeParameter }: Pareto, side) => (side === 1 ? [log(-(shapeParameter + 1))] : []),
  beta: ({ concentration1, concentration0 }: Beta, side) => [log(1 - (side === 1 ? concentration0 : concentration1))],
};

/** An exponent whose power f64 holds: only the sign of such a coefficient counts, and whether two are equal. */
function clamped(exponent: number): number {
  return Math.max(-700, Math.min(exponent, 700));
}

function squares(mean: number, std: number, side: Side): Growth {
  return [power(2, -1 / (2 * std * std)), power(1, (side * mean) / (std * std))];
}

/**
 * Whether the integral of f^a g^b over f's support, which g covers or which covers g's, is infinite; undefined for families whose
 * tails are not known here.
 */
export function isInfinite(f: Distribution, a: number, g: Distribution, b: number): boolean | undefined {
  const [one, other] = [growthsOf(asGeneral(f)), growthsOf(asGeneral(g))];
  if (!one || !other) return undefined;
  return ([-1, 1] as const).some((side) => {
    const [end, otherEnd] = [endOf(f, side), endOf(g, side)];
    // The nearer end is where the product ends; there a density that goes further is a constant.
    const last = side * Math.min(side * end, side * otherEnd);
    const terms = [...scaled(end === last ? one(side) : [], a), ...scaled(otherEnd === last ? other(side) : [], b)];
    // In y, dx is dy / y² at a finite end.
    return diverges([...terms, log(Number.isFinite(last) ? -2 : 0)]);
  });
}

/** Whether f / g grows without bound towards an end of f's support, which g covers; undefined for families whose tails are not known here. */
export function isUnbounded(f: Distribution, g: Distribution): boolean | undefined {
  const [one, other] = [growthsOf(asGeneral(f)), growthsOf(asGeneral(g))];
  if (!one || !other) return undefined;
  return ([-1, 1] as const).some((side) => {
    const isEnd = endOf(g, side) === endOf(f, side);
    const terms = [...scaled(one(side), 1), ...scaled(isEnd ? other(side) : [], -1)];
    return (fastest(terms) ?? total(logsOf(terms))) > 0;
  });
}

function growthsOf(d: Distribution): ((side: Side) => Growth) | undefined {
  const family = Object.hasOwn(families, d.name) ? families[d.name] : undefined;
  return family && ((side) => (family as (d: Distribution, side: Side) => Growth)(d, side));
}

function endOf(d: Distribution, side: Side): number {
  const { low, high } = d.support[0] as Support;
  return side === 1 ? high : low;
}

function scaled(growth: Growth, factor: number): Growth {
  return growth.map((term) => ({ ...term, by: term.by * factor }));
}

const KINDS = ["exponential", "power", "logSquare"] as const;

/** Whether exp of the sum has an infinite integral. */
function diverges(terms: Growth): boolean {
  const first = fastest(terms);
  return first === undefined ? total(logsOf(terms)) >= -1 : first > 0;
}

/** The coefficient of the fastest term that does not cancel, unless that is a logarithm. */
function fastest(terms: Growth): number | undefined {
  for (const kind of KINDS) {
    const alike = terms.filter((term) => term.kind === kind);
    const orders = [...new Set(alike.map(({ order }) => order))].sort((x, y) => y - x);
    for (const order of orders) {
      const sum = total(alike.filter((term) => term.order === order));
      if (sum !== 0) return sum;
    }
  }
  return undefined;
}

function logsOf(terms: Growth): Growth {
  return terms.filter(({ kind }) => kind === "log");
}

/** The coefficients' sum, 0 where they cancel but for roundings. */
function total(terms: Growth): number {
  const sum = terms.reduce((all, { by }) => all + by, 0);
  const size = terms.reduce((most, { by }) => Math.max(most, Math.abs(by)), 0);
  return Math.abs(sum) <= 4 * Number.EPSILON * size ? 0 : sum;
}
