import { LEAST_NORMAL } from "../../arithmetic/range.ts";
import { InputError, UnsupportedError } from "../../core/errors.ts";
import { call, type Expr, number, parameter } from "../../expression/expr.ts";
import { add, div, mul, neg, select, sub } from "../../expression/simplify.ts";
import { logQuotient } from "../bregman/generators.ts";
import { ofOdds, renyiOfGeometrics } from "../bregman/masses.ts";
import { checkScale, shown } from "../checks.ts";
import type { ScalarDistribution, Support } from "../distribution.ts";
import { abs, LOG_2PI, LOG_ZERO, log, X } from "../formulas.ts";
import { type Formulas, scalar } from "../make.ts";
import { NEVER, ranked } from "../ranked.ts";
import { roundedGamma } from "../rounded-gamma.ts";
import { atLeast, countDeviance, nearDeviance, stirlingRemainderOf } from "../saddle-point.ts";
import { gammaEntropy, logBetaMass, stirlingRemainder } from "../special/deviance.ts";
import { betaTails } from "../special/incomplete-beta.ts";
import { entropyOf } from "../special/mass-entropy.ts";
import { leastWhole } from "../special/root.ts";
import type { Tails } from "../special/tails.ts";

export interface NegativeBinomial extends ScalarDistribution {
  readonly name: "negativeBinomial";
  readonly count: number;
  readonly probability: number;
}

/** Of whole numbers, all that f32 holds are up to this. */
const MOST = 2 ** 24;

/** Most values that are drawn by inversion. */
const FEW = 64;

/** Below this probability, in f64's digits, a count is a gamma variate of that rate, unless it is 0: which is as rare as exp(-NEVER_NONE). */
const SMOOTH = 2 ** -50;
const NEVER_NONE = 40;

/** Where quantiles are looked for from means that f64 does not hold. */
const FAR = 1e300;

/**
 * The negative binomial distribution: failures before `count` successes of trials that each succeed with `probability`; between those for counts that
 * are not whole, which are Poisson counts whose rate has the distribution gamma(count, probability / (1 - probability)).
 *
 * @throws InputError unless count is a positive number and probability above 0 and at most 1; UnsupportedError, when it is sampled, where more than one
 * sample in 2^64 would be 2^24 or more, or for probabilities below 2^-64
 */
export function negativeBinomial(count: number, probability: number): NegativeBinomial {
  checkScale(count, "count", "negativeBinomial");
  if (!(typeof probability === "number" && probability > 0 && probability <= 1)) {
    throw new InputError(`negativeBinomial: probability must be above 0 and at most 1, got ${shown(probability)}`);
  }
  const [n, p, q] = [count, probability, 1 - probability];
  const support: Support = { kind: "integers", low: 0, high: p === 1 ? 0 : Number.POSITIVE_INFINITY };
  const mean = (n * q) / p;
  const variance = mean / p;
  const std = Math.sqrt(n * q) / p;
  const logMass = (k: number) => logMassAt(n, p, k);
  return scalar<NegativeBinomial>({
    own: {
      name: "negativeBinomial",
      count,
      probability,
      mean,
      variance,
      standardDeviation: () => std,
      logProb: logMass,
      mode: () => Math.max(Math.ceil(((n - 1) * q) / p) - 1, 0),
      entropy: () =>
        p < SMOOTH && -n * Math.log(p) > NEVER_NONE
          ? gammaEntropy(n) - Math.log(p)
          : entropyOf(logMass, mean, variance, -q / p / p, support.high, std),
      tails: (k) => tailsOf(n, p, k),
      icdf: (level) =>
        leastWhole((k) => tailsOf(n, p, k), level, 0, support.high, Math.min(mean, FAR), Math.min(std, FAR)),
    },
    support,
    known: (of) => ({
      moments: () => ({}),
      ...(n === 1 && { meanLog: (x) => x.mean * Math.log1p(-p) + Math.log(p) }),
      fall: () => ({ limit: Math.log1p(-p), isConvex: n < 1 }),
      // Of equal counts each success tells as much as a geometric distribution's; of others there is no closed form.
      kl: (other) => (n === other.count ? (n * ofOdds(p, other.probability)) / p : undefined),
      renyi: (other, alpha) => (n === other.count ? n * renyiOfGeometrics(p, other.probability, alpha) : undefined),
      mostOver: (other) => mostOver(of, other),
    }),
    model: () => modelOf(n, p),
  });
}

function logMassAt(n: number, p: number, k: number): number {
  return k === 0 ? n * Math.log(p) : logBetaMass(n, k, p, 1 - p) - Math.log(k);
}

function tailsOf(n: number, p: number, k: number): Tails {
  return betaTails(n, k + 1, p, 1 - p);
}

/** From k to k + 1 the ratio grows by (n + k) (1 - p) / ((m + k) (1 - q)): it is largest where that falls below 1, or has no bound. */
function mostOver(of: NegativeBinomial, other: NegativeBinomial): number {
  const [n, p, m, q] = [of.count, of.probability, other.count, other.probability];
  if (p < q || (p === q && n > m)) return Number.POSITIVE_INFINITY;
  if (n === m) return n * logQuotient(p, q);
  const k = p === q ? 0 : Math.max(0, Math.ceil((n * (1 - p) - m * (1 - q)) / (p - q)));
  return Math.max(0, of.logProb(k) - other.logProb(k));
}

const COUNT = parameter("count");
const PROBABILITY = parameter("probability");
const FAILURE = parameter("failure");

/** Beside so many failures a smaller count counts as this, and no quotient leaves f32's range. */
const [LEAST_COUNT, MOST_SHARE] = [2 ** -60, 2 ** 60];

// Loader's form of log(Γ(n + k) / (Γ(n) k!) p^n q^k) for k >= 1: with N = n + k, the deviances of n from N p and of k from N q.
function logMassBeyond0(k: Expr): Expr {
  const failures = atLeast(k, 1);
  const trials = add(COUNT, failures);
  // N p - n, which is k - N q
  const excess = mul(PROBABILITY, sub(sub(failures, parameter("meanWhole")), parameter("meanRest")));
  const share = (x: Expr) => div(call("min", x, number(MOST_SHARE)), COUNT);
  const ratio = log(atLeast(share(mul(trials, PROBABILITY)), LEAST_NORMAL));
  const t = share(excess);
  const far = sub(excess, mul(COUNT, ratio));
  const ofCount = select(call("lt", abs(t), number(0.5)), mul(COUNT, nearDeviance(t)), far);
  const ofFailures = countDeviance(failures, mul(trials, FAILURE), neg(excess));
  const remainders = sub(remainderOf(trials), stirlingRemainderOf(failures));
  const logs = mul(number(0.5), add(log(trials), log(failures)));
  return sub(add(sub(add(parameter("logSpread"), remainders), ofCount), ofFailures), logs);
}

/** `stirlingRemainderOf` of numbers between whole ones, too: below 2, where its fraction is coarse, by the next number's. */
function remainderOf(x: Expr): Expr {
  const next = add(x, number(1));
  const step = sub(mul(add(x, number(0.5)), call("log1p", div(number(1), x))), number(1));
  return select(call("lt", x, number(2)), add(stirlingRemainderOf(next), step), stirlingRemainderOf(x));
}

const LOG_DENSITY = select(call("lt", X, number(0.5)), parameter("logNone"), logMassBeyond0(X));

function modelOf(n: number, p: number): Formulas {
  if (p < NEVER || tailsOf(n, p, MOST - 1).upper > NEVER) {
    throw new UnsupportedError(
      "limits",
      `negativeBinomial: engines draw and weigh it in 32-bit floats, which hold its whole numbers for probabilities from 2^-64 where at most one sample in 2^64 is 2^24 or more, got count ${n} and probability ${p}; the logProb, cdf and moments of numbers have no such limit, and gamma(count, probability), rounded down, is close to it where probability is small`,
    );
  }
  const shared = { logDensity: LOG_DENSITY, jumps: true };
  const mean = (n * (1 - p)) / p;
  const whole = Math.round(mean);
  const rest = mean - whole;
  const own = {
    count: Math.max(n, LEAST_COUNT),
    probability: p,
    failure: 1 - p,
    meanWhole: whole,
    meanRest: Math.abs(rest) < LEAST_NORMAL ? 0 : rest,
    logSpread: (Math.log(n) - LOG_2PI) / 2 - stirlingRemainder(n),
    logNone: Math.max(n * Math.log(p), LOG_ZERO),
  };
  if (tailsOf(n, p, FEW - 1).upper <= NEVER) {
    const { event, parameters } = ranked(massesOf(n, p));
    return { ...shared, variates: ["uniform"], event: [event], parameters: { ...own, ...parameters } };
  }
  // Of the counts' own kind, at small probabilities very nearly: more than 4 in 10 are accepted, of large counts nearly all.
  const drawn = roundedGamma({
    mean,
    std: Math.sqrt(n * (1 - p)) / p,
    skewness: (2 - p) / Math.sqrt(n * (1 - p)),
    logMass: (k) => logMassAt(n, p, k),
    logMassOf: logMassBeyond0,
  });
  return { ...shared, ...drawn, parameters: { ...own, ...drawn.parameters } };
}

/** Of 0, 1, … until what is left is never drawn. */
function massesOf(n: number, p: number): readonly number[] {
  const masses = [Math.exp(logMassAt(n, p, 0))];
  for (let k = 1; tailsOf(n, p, k - 1).upper > NEVER; k++) masses.push(Math.exp(logMassAt(n, p, k)));
  return masses;
}
