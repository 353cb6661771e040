import { LEAST_NORMAL } from "../../arithmetic/range.ts";
import { InputError } from "../../core/errors.ts";
import { call, type Expr, parameter, variable } from "../../expression/expr.ts";
import { add, div, mul, select, sub } from "../../expression/simplify.ts";
import { mostOfDirichlets, ofDirichlets, renyiOfDirichlets } from "../bregman/shares.ts";
import { checkScale, listOf } from "../checks.ts";
import type { Support, VectorDistribution } from "../distribution.ts";
import { exp, LOG_2PI, log, logAddExp } from "../formulas.ts";
import { type GammaVariate, gammaVariate } from "../gamma-variate.ts";
import { type Formulas, vector } from "../make.ts";
import { above0, clampedAtLeast, clampedBelowOne, isCoarse, NEVER_MET, type Refined, spacingAt } from "../refined.ts";
import { atLeast, devianceOf, split } from "../saddle-point.ts";
import { deviance, digammaRemainder, stirlingRemainder } from "../special/deviance.ts";
import { betaTails } from "../special/incomplete-beta.ts";

export interface Dirichlet extends VectorDistribution {
  readonly name: "dirichlet";
  readonly concentration: readonly number[];
}

const WHERE = "dirichlet";

/** How far from 1 a point's coordinates may add up to, which their roundings explain. */
const SLACK = 1e-6;

/**
 * The Dirichlet distribution of d shares that add up to 1; its density is that of the first d - 1 of them. Points that add up to 1 within
 * 1e-6 count as shares. Where some shares are 0 the log-density is Infinity or -Infinity, as their concentrations are below or above 1, and NaN,
 * since it has no limit, where there are both. Samples are at least 2^-126.
 *
 * @param concentration - one of each share, at least two
 * @throws InputError unless concentration holds positive numbers that f32 can hold, as are their shares of their sum
 */
export function dirichlet(concentration: ArrayLike<number>): Dirichlet {
  const list = Object.freeze([...listOf(concentration, "concentration", WHERE)]);
  if (list.length < 2)
    throw new InputError(`${WHERE}: concentration must have at least two numbers, got ${list.length}`);
  list.forEach((c, k) => {
    checkScale(c, `concentration[${k}]`, WHERE);
  });
  const sum = list.reduce((total, c) => total + c, 0);
  list.forEach((c, k) => {
    checkScale(c / sum, `concentration[${k}]'s share of the sum`, WHERE);
  });
  const mean = list.map((c) => c / sum);
  const total = (of: (c: number, m: number) => number) => list.reduce((all, c, k) => all + of(c, mean[k] ?? 0), 0);
  // log Γ(sum) - Σ (log Γ(c) - c log(c / sum)), without what cancels
  const logPeak =
    (LOG_2PI - Math.log(sum)) / 2 +
    stirlingRemainder(sum) -
    total((c) => (LOG_2PI - Math.log(c)) / 2 + stirlingRemainder(c));
  return vector<Dirichlet>({
    own: {
      name: WHERE,
      concentration: list,
      mean,
      variance: mean.map((m) => (m * (1 - m)) / (sum + 1)),
      logProb: (x) => logProbOf(x, list, mean, logPeak),
      mode: () => modeOf(list),
      entropy: () => total((c, m) => Math.log(m) - (c - 1) * (digammaRemainder(c) - digammaRemainder(sum))) - logPeak,
    },
    support: list.map((c, place): Support => {
      const atZero = c === 1 ? "finite" : c < 1 ? "infinite" : "none";
      return { kind: "shares", low: 0, high: 1, place, count: list.length, atZero };
    }),
    known: () => ({
      kl: (q) => ofDirichlets(list, q.concentration),
      renyi: (q, alpha) => renyiOfDirichlets(list, q.concentration, alpha),
      mostOver: (q) => mostOfDirichlets(list, q.concentration),
    }),
    model: () => modelOf(list, mean, logPeak),
  });
}

/**
 * Shares in proportion to concentration - 1, and 0 for concentrations of at most 1. Where all are at most 1 the density is largest where one share
 * is 1: the last at which it is infinite or, where it is the same everywhere, the last of all.
 */
function modeOf(concentration: readonly number[]): readonly number[] {
  const excess = concentration.map((c) => Math.max(c - 1, 0));
  const sum = excess.reduce((total, value) => total + value, 0);
  if (sum > 0) return excess.map((value) => value / sum);
  const last = concentration.findLastIndex((_, k) => concentration.some((other, j) => j !== k && other < 1));
  const whole = last < 0 ? concentration.length - 1 : last;
  return concentration.map((_, k) => (k === whole ? 1 : 0));
}

function logProbOf(
  x: readonly number[],
  concentration: readonly number[],
  mean: readonly number[],
  peak: number,
): number {
  const sum = x.reduce((total, share) => total + share, 0);
  if (Number.isNaN(sum)) return sum;
  if (Math.abs(sum - 1) > SLACK || x.some((share) => share < 0)) return Number.NEGATIVE_INFINITY;
  const zeros = concentration.filter((_, k) => x[k] === 0);
  if (zeros.some((c) => c < 1)) return zeros.some((c) => c > 1) ? Number.NaN : Number.POSITIVE_INFINITY;
  if (zeros.some((c) => c > 1)) return Number.NEGATIVE_INFINITY;
  return x.reduce((total, share, k) => {
    const [c, m] = [concentration[k] ?? 0, mean[k] ?? 0];
    const t = (share - m) / m;
    if (share === 0) return total - t - Math.log(m);
    return total - c * (t < -0.5 ? t - Math.log(share / m) : deviance(t)) - Math.log(share);
  }, peak);
}

function modelOf(concentration: readonly number[], mean: readonly number[], logPeak: number): Formulas {
  let count = 0;
  const variates = concentration.map((c, k) => {
    const made = gammaVariate(c, count, `share${k}_`);
    count += made.variates.length;
    return made;
  });
  const terms = mean.map((m, k) => {
    const x = variable(k);
    const sample = above0(x);
    const centre = split(`mean${k}`);
    return {
      parameters: centre.parameters(m),
      term: add(mul(parameter(`concentration${k}`), devianceOf(centre.distance(x), centre.logRatio(x))), log(sample)),
    };
  });
  const sizes = variates.reduce((sum, { size }) => sum + size, 0);
  const logs = variates.some(({ boost }) => boost !== undefined);
  const refined = refinedOf(variates, concentration);
  return {
    variates: variates.flatMap((made) => made.variates),
    rejections: variates.map(({ rejection }) => rejection),
    event: logs ? sharesOfLogs(variates) : sharesOfSizes(variates),
    ...(refined.some((one) => one) ? { refined } : {}),
    logDensity: sub(parameter("logPeak"), terms.map(({ term }) => term).reduce(add)),
    parameters: Object.assign(
      { logPeak },
      ...variates.map(({ parameters, size }, k) => ({
        ...parameters,
        [`size${k}`]: size / sizes,
        [`logSize${k}`]: Math.log(size / sizes),
        [`concentration${k}`]: concentration[k] ?? 0,
      })),
      ...terms.map(({ parameters }) => parameters),
    ),
  };
}

function sharesOfSizes(variates: readonly GammaVariate[]): readonly Expr[] {
  const parts = variates.map(({ cube }, k) => mul(parameter(`size${k}`), cube));
  const sum = parts.reduce(add);
  return parts.map((part) => atLeast(div(part, sum), LEAST_NORMAL));
}

// From their logarithms, the largest of which counts as 0: others may underflow, to samples that are clamped all the same.
function sharesOfLogs(variates: readonly GammaVariate[]): readonly Expr[] {
  const logs = logsOf(variates);
  const peak = logs.reduce((most, log) => select(call("gt", log, most), log, most));
  const parts = logs.map((log) => exp(sub(log, peak)));
  const sum = parts.reduce(add);
  return parts.map((part) => atLeast(div(part, sum), LEAST_NORMAL));
}

function logsOf(variates: readonly GammaVariate[]): readonly Expr[] {
  return variates.map(({ logCube, boost }, k) => {
    const log = add(parameter(`logSize${k}`), logCube);
    return boost ? add(log, boost) : log;
  });
}

/** Logarithms of the shares, and of what each leaves of 1, where they are nearer to 0 or 1 than f32 tells apart. */
function refinedOf(
  variates: readonly GammaVariate[],
  concentration: readonly number[],
): readonly (Refined | undefined)[] {
  const logs = logsOf(variates);
  const before = sumsOf(logs);
  const after = sumsOf(logs.toReversed()).toReversed();
  const all = before.at(-1) as Expr;
  const sum = concentration.reduce((total, c) => total + c, 0);
  return logs.map((log, k): Refined | undefined => {
    const c = concentration[k] ?? 0;
    const nearZero = betaTails(c, sum - c, LEAST_NORMAL, 1).lower;
    const nearOne = betaTails(c, sum - c, 1, 2 ** -24).upper;
    const spread = Math.sqrt(((c / sum) * (1 - c / sum)) / (sum + 1));
    const coarseness = isCoarse(c / sum, spread) ? spacingAt(c / sum) / spread : 0;
    if (!(nearZero > NEVER_MET || nearOne > NEVER_MET)) return coarseness > 0 ? { coarseness } : undefined;
    const [left, right] = [before[k - 1], after[k + 1]];
    const others = left && right ? logAddExp(left, right) : ((left ?? right) as Expr);
    return {
      log: { origin: 0, scale: 1, unit: sub(log, all) },
      logOther: { origin: 0, scale: 1, unit: sub(others, all) },
      clamped: [...clampedAtLeast(nearZero), ...clampedBelowOne(nearOne)],
    };
  });
}

/** Running log-sum-exps. */
function sumsOf(logs: readonly Expr[]): readonly Expr[] {
  const sums: Expr[] = [];
  for (const log of logs) sums.push(sums.length === 0 ? log : logAddExp(sums.at(-1) as Expr, log));
  return sums;
}
