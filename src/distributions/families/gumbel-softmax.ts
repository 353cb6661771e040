import { EULER } from "../../arithmetic/coefficients.ts";
import { digamma, lgamma } from "../../arithmetic/double-gamma.ts";
import { LEAST_NORMAL } from "../../arithmetic/range.ts";
import { InputError } from "../../core/errors.ts";
import { call, type Expr, number, parameter, variable } from "../../expression/expr.ts";
import { add, div, mul, neg, select, sub } from "../../expression/simplify.ts";
import { checkScale } from "../checks.ts";
import { type CategoricalOptions, classProbabilities } from "../class-probabilities.ts";
import type { Support, VectorDistribution } from "../distribution.ts";
import { exp, log, log1p, logAddExp } from "../formulas.ts";
import { type Formulas, vector } from "../make.ts";
import { above0, clampedAtLeast, clampedBelowOne, isCoarse, NEVER_MET, type Refined } from "../refined.ts";
import { atLeast } from "../saddle-point.ts";
import { momentsOfGumbelShares, type SharesMoments } from "../special/gumbel-shares.ts";
import { logRatio } from "../special/logarithms.ts";
import { rootOf } from "../special/root.ts";
import { logSumExp } from "../special/tails.ts";

export interface GumbelSoftmax extends VectorDistribution {
  readonly name: "gumbelSoftmax";
  readonly temperature: number;
  readonly probabilities: readonly number[];
}

const WHERE = "gumbelSoftmax";

/** How far from 1 a point's coordinates may add up to, which their roundings explain. */
const SLACK = 1e-6;

/**
 * The relaxed categorical distribution: softmax((log p + g) / temperature), g standard Gumbel variates of which every class has one. Towards
 * temperature 0 it is the one-hot vector of a class drawn with probabilities p. Its density (C. Maddison, A. Mnih and Y. Teh 2017; E. Jang, S. Gu
 * and B. Poole 2017) is that of all shares but the last. Points that add up to 1 within 1e-6 count as shares. Where some shares are 0 the log-density
 * is Infinity or -Infinity, as temperature · (classes - 1) is below or above 1, and finite for one such share where it is 1. Samples are at least 2^-126.
 *
 * Mean, variance and entropy are integrals, to about 1e-12, computed when they are first asked for, some milliseconds a class. The mode of more
 * than two classes is absent from temperature 1 / (classes - 1) to classes - 1, where the density has no largest value.
 *
 * @param temperature - positive
 * @param of - probabilities of the classes, at least two, that add up to 1 within 1e-6, or their logits
 * @throws InputError unless temperature is a positive number that f32 can hold, as is each class's probability
 */
export function gumbelSoftmax(temperature: number, of: CategoricalOptions): GumbelSoftmax {
  checkScale(temperature, "temperature", WHERE);
  const probabilities = Object.freeze([...classProbabilities(of, WHERE)]);
  const count = probabilities.length;
  if (count < 2) throw new InputError(`${WHERE}: needed at least two classes, got ${count}`);
  probabilities.forEach((p, k) => void checkScale(p, `the probability of class ${k}`, WHERE));
  const logs = probabilities.map(Math.log);
  const logPeak = lgamma(count) + (count - 1) * Math.log(temperature);
  let known: SharesMoments | undefined;
  const moments = () => {
    known ??= momentsOfGumbelShares(logs, temperature);
    return known;
  };
  const power = temperature * (count - 1);
  return vector<GumbelSoftmax>({
    own: {
      name: WHERE,
      temperature,
      probabilities,
      mean: () => moments().mean,
      variance: () => moments().variance,
      logProb: (x) => logProbOf(x, logs, temperature, logPeak),
      mode: () => modeOf(logs, temperature),
      // The sizes u of logProbOf are a sample's own exponential variates, and their sum has a gamma distribution.
      entropy: () => moments().meanLog.reduce((sum, log) => sum + log, count * (digamma(count) + EULER)) - logPeak,
    },
    support: logs.map((_, place): Support => {
      const atZero = power === 1 ? "finite" : power < 1 ? "infinite" : "none";
      return { kind: "shares", low: 0, high: 1, place, count, atZero, ...(power === 1 && { atZeros: "infinite" }) };
    }),
    model: () => modelOf(logs, temperature, logPeak),
  });
}

/** log Γ(K) + (K - 1) log t + Σ (log(u[k] / Σ u) - log x[k]), where u[k] = p[k] x[k]^-t, as ratios to that of the largest share. */
function logProbOf(x: readonly number[], logs: readonly number[], temperature: number, logPeak: number): number {
  const sum = x.reduce((total, share) => total + share, 0);
  if (Number.isNaN(sum)) return sum;
  if (Math.abs(sum - 1) > SLACK || x.some((share) => share < 0 || share > 1)) return Number.NEGATIVE_INFINITY;
  const zero = x.indexOf(0);
  if (zero >= 0) {
    const power = temperature * (x.length - 1);
    if (power > 1) return Number.NEGATIVE_INFINITY;
    if (power < 1 || x.indexOf(0, zero + 1) >= 0) return Number.POSITIVE_INFINITY;
    // Its own logarithm has left the sum.
    return x.reduce((total, share, k) => {
      if (k === zero) return total;
      return total + (logs[k] ?? 0) - (logs[zero] ?? 0) - (1 + temperature) * Math.log(share);
    }, logPeak);
  }
  const top = x.reduce((best, share, k) => (share > (x[best] ?? 0) ? k : best), 0);
  const sizes = x.map((share, k) => (logs[k] ?? 0) - (logs[top] ?? 0) + temperature * logRatio(x[top] ?? 1, share));
  const whole = logSumExp(sizes);
  return x.reduce((total, share, k) => total + ((sizes[k] ?? 0) - whole) - Math.log(share), logPeak);
}

/**
 * The one point inside where the density is stationary, where it falls to 0 towards all ends; else an end where it is largest, if there is one. With
 * b = (1 + t) / K it has x^t (b - x) in the proportions of the probabilities. Only the most probable class's share may be beyond the
 * largest of that function of x, at t / K.
 */
function modeOf(logs: readonly number[], temperature: number): readonly number[] | undefined {
  const count = logs.length;
  const top = logs.reduce((best, log, k) => (log > (logs[best] ?? 0) ? k : best), 0);
  const isLine = count === 2 && temperature === 1;
  if (temperature * (count - 1) < 1 || isLine) {
    const whole = isLine && (logs[0] ?? 0) > (logs[1] ?? 0) ? 0 : count - 1;
    return logs.map((_, k) => (k === whole ? 1 : 0));
  }
  if (temperature <= count - 1) return undefined;
  const bound = (1 + temperature) / count;
  const falls = logs.map((log) => (logs[top] ?? 0) - log);
  // Logarithms of shares over the largest one, x.
  const ratiosAt = (x: number) =>
    falls.map((fall, k) => {
      if (k === top) return 0;
      const most = Math.min(0, Math.log(temperature / count / x));
      const least = -(fall + Math.log(bound / (bound - x))) / temperature;
      return rootOf(
        (r) => {
          const rest = Math.log1p((-x * Math.expm1(r)) / (bound - x));
          return [temperature * r + rest + fall, temperature - x / (bound * Math.exp(-r) - x)];
        },
        Math.min(least, most),
        most,
        Math.min(-fall / temperature, most),
      );
    });
  const sumAt = (x: number) => ratiosAt(x).reduce((sum, r) => sum + Math.exp(r), 0);
  const largest = rootOf(
    (x) => {
      const sum = sumAt(x);
      return [x * sum - 1, sum];
    },
    0,
    1,
    1 / sumAt(1 / count),
  );
  return ratiosAt(largest).map((r) => largest * Math.exp(r));
}

function modelOf(logs: readonly number[], temperature: number, logPeak: number): Formulas {
  const peak = logs.reduce((most, one) => Math.max(most, one), Number.NEGATIVE_INFINITY);
  const sizes = logs.map((one) => Math.exp((one - peak) / temperature));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const centre = sizes.map((size) => size / total);
  // To first order in the variates.
  const squares = centre.reduce((sum, c) => sum + c * c, 0);
  const spreads = centre.map((c) => (c * Math.sqrt((1 - 2 * c + squares) / 6) * Math.PI) / temperature);
  const isNarrow = temperature >= 1 && centre.some((c, k) => isCoarse(c, spreads[k] ?? 0));
  const drawn = isNarrow ? aboutCentre(centre, spreads, temperature) : byLogarithms(logs, temperature);
  const refined = drawn.coordinates.map((own, k) => refinedOf(own, k, logs, temperature));
  return {
    variates: logs.map(() => "uniform"),
    // A quotient's rounding may take it beyond 1.
    event: drawn.coordinates.map(({ value }) => call("min", atLeast(value, LEAST_NORMAL), number(1))),
    // The density has ratios of shares: where one is refined, all logarithms are known.
    ...(refined.some((one) => one) ? { refined: drawn.coordinates.map(({ log }, k) => refined[k] ?? { log }) } : {}),
    logDensity: logDensityOf(logs.length),
    parameters: {
      logPeak,
      temperature,
      ...drawn.parameters,
      ...Object.fromEntries(logs.map((one, k) => [`offset${k}`, one - (logs[0] ?? 0)])),
    },
  };
}

/** A share as formulas of its variates, and what else is known of it. */
interface Drawn extends Required<Pick<Refined, "log" | "logOther">>, Pick<Refined, "shifted"> {
  readonly value: Expr;
}

interface DrawnShares {
  readonly coordinates: readonly Drawn[];
  readonly parameters: Readonly<Record<string, number>>;
}

/** -g of a standard Gumbel variate g, with u near 0 for large g. */
function fallOf(k: number): Expr {
  return log(neg(log1p(neg(variable(k)))));
}

/** Temperatures below 1e-30 are drawn as that one: what they differ in is beyond f32 in all shares but one. */
const SHARPEST = 1e30;

function byLogarithms(logs: readonly number[], temperature: number): DrawnShares {
  const sharpness = Math.min(1 / temperature, SHARPEST);
  const scale = 1 / temperature / sharpness;
  const own = logs.map((_, k) => sub(parameter(`place${k}`), mul(parameter("sharpness"), fallOf(k))));
  const peak = own.reduce((most, one) => select(call("gt", one, most), one, most));
  const parts = own.map((one) => exp(sub(one, peak)));
  const sum = parts.reduce(add);
  const all = add(peak, log(sum));
  const before = sumsOf(own);
  const after = sumsOf(own.toReversed()).toReversed();
  const shifted = (unit: Expr) => ({ origin: 0, scale, unit });
  return {
    coordinates: own.map((one, k): Drawn => {
      const [left, right] = [before[k - 1], after[k + 1]];
      const others = sub(left && right ? logAddExp(left, right) : ((left ?? right) as Expr), all);
      const p = Math.exp(logs[k] ?? 0);
      const spread = Math.sqrt(p * (1 - p));
      // Else samples are as fine as their spread; near 1 they are known by what they leave.
      const isNear1 = temperature < 1 && p > 0.5 && isCoarse(p, spread);
      return {
        value: div(parts[k] as Expr, sum),
        log: shifted(sub(one, all)),
        logOther: shifted(others),
        ...(isNear1 ? { shifted: { origin: 1, scale: -1, unit: exp(others), spread } } : {}),
      };
    }),
    parameters: {
      sharpness,
      ...Object.fromEntries(logs.map((one, k) => [`place${k}`, one * sharpness])),
    },
  };
}

/** Running log-sum-exps. */
function sumsOf(logs: readonly Expr[]): readonly Expr[] {
  const sums: Expr[] = [];
  for (const one of logs) sums.push(sums.length === 0 ? one : logAddExp(sums.at(-1) as Expr, one));
  return sums;
}

/** Shares so near to 1 are known by what they leave. */
const NEAR_1 = 1 - 2 ** -6;

/** x = c exp(g / t) / Σ c exp(g / t) about c = softmax(log p / t), from which f32 may be too coarse to tell it. */
function aboutCentre(centre: readonly number[], spreads: readonly number[], temperature: number): DrawnShares {
  const rises = centre.map((_, k) => call("expm1", neg(mul(parameter("noise"), fallOf(k)))));
  const parts = rises.map((rise, k) => mul(parameter(`centre${k}`), rise));
  const total = parts.reduce(add);
  const growth = add(number(1), total);
  const left = centre.map((_, k) => centre.reduce((sum, c, j) => (j === k ? sum : sum + c), 0));
  const coordinates = centre.map((c, k): Drawn => {
    const [rise, rest, spread] = [rises[k] as Expr, left[k] ?? 0, spreads[k] ?? 0];
    const restRise = div(parts.filter((_, j) => j !== k).reduce(add), parameter(`left${k}`));
    const relative = (of: Expr) => div(sub(of, total), growth);
    const logGrowth = (of: Expr) => sub(log1p(of), log1p(total));
    const isNear1 = c > NEAR_1;
    const own = isNear1 ? mul(parameter(`odds${k}`), relative(restRise)) : undefined;
    return {
      value: div(mul(parameter(`centre${k}`), add(number(1), rise)), growth),
      shifted: { origin: c, scale: c, unit: own ? neg(own) : relative(rise), spread },
      log: { origin: Math.log(c), scale: 1, unit: own ? log1p(neg(own)) : logGrowth(rise), spread: spread / c },
      logOther: { origin: Math.log(rest), scale: 1, unit: logGrowth(restRise), spread: spread / rest },
    };
  });
  const named = centre.flatMap((c, k) => {
    const rest = left[k] ?? 0;
    return [
      [`centre${k}`, c],
      [`left${k}`, rest],
      [`odds${k}`, rest / c],
    ];
  });
  return { coordinates, parameters: { noise: 1 / temperature, ...Object.fromEntries(named) } };
}

/** What f32 does not hold of a share. */
function refinedOf(
  { log, logOther, shifted }: Drawn,
  k: number,
  logs: readonly number[],
  temperature: number,
): Refined | undefined {
  // As for two classes, one being all others: a sum of these is from its largest term to that many of it.
  const odds = (logs[k] ?? 0) - logSumExp(logs.filter((_, j) => j !== k));
  const below = (logit: number) => 1 / (1 + Math.exp(odds - temperature * logit));
  const above = (logit: number) => 1 / (1 + Math.exp(temperature * logit - odds));
  const nearZero = below(Math.log(LEAST_NORMAL) + Math.log(logs.length - 1));
  const nearOne = above(24 * Math.LN2);
  const isKnown = nearZero > NEVER_MET || nearOne > NEVER_MET;
  if (!isKnown) return shifted && { shifted, log };
  return {
    ...(shifted ? { shifted } : {}),
    log,
    logOther,
    clamped: [...clampedAtLeast(nearZero), ...clampedBelowOne(nearOne)],
  };
}

/** Beyond this a ratio of two sizes is all that counts. */
const MOST_RATIO = 1e37;

/** As logProbOf, with ratios to the first share: where that is not among the largest, the density is as much smaller. */
function logDensityOf(count: number): Expr {
  const sharesLogs = Array.from({ length: count }, (_, k) => log(above0(variable(k))));
  const sizes = sharesLogs.map((_, k) => (k === 0 ? number(0) : sizeOf(k, sharesLogs)));
  const peak = sizes.reduce((most, size) => call("max", most, size));
  const below = sizes.map((size) => sub(size, peak));
  const sum = below.map(exp).reduce(add);
  const ratios = sub(below.reduce(add), mul(number(count), log(sum)));
  return add(sub(parameter("logPeak"), sharesLogs.reduce(add)), ratios);
}

/** log(u[k] / u[0]) */
function sizeOf(k: number, logs: readonly Expr[]): Expr {
  const [first, own] = [variable(0), variable(k)];
  const isNear = call("and", call("gt", mul(number(2), own), first), call("gt", mul(number(2), first), own));
  const near = log1p(div(sub(first, own), above0(own)));
  const ratio = select(isNear, near, sub(logs[0] as Expr, logs[k] as Expr));
  const scaled = mul(parameter("temperature"), ratio);
  return add(parameter(`offset${k}`), call("max", call("min", scaled, number(MOST_RATIO)), number(-MOST_RATIO)));
}
