import { LEAST_NORMAL } from "../../arithmetic/range.ts";
import { InputError, UnsupportedError } from "../../core/errors.ts";
import { shown } from "../../core/options.ts";
import { call, type Expr, number, parameter } from "../../expression/expr.ts";
import { add, mul, neg, select, sub } from "../../expression/simplify.ts";
import { logQuotient } from "../bregman/generators.ts";
import { ofOdds, renyiOfOdds } from "../bregman/masses.ts";
import type { Atom, ScalarDistribution, Support } from "../distribution.ts";
import { LOG_2PI, LOG_ZERO, log, X } from "../formulas.ts";
import { type Formulas, scalar } from "../make.ts";
import { NEVER, ranked } from "../ranked.ts";
import { atLeast, countDeviance, stirlingRemainderOf } from "../saddle-point.ts";
import { logBetaMass, stirlingRemainder } from "../special/deviance.ts";
import { betaTails } from "../special/incomplete-beta.ts";
import { entropyOf } from "../special/mass-entropy.ts";
import { leastWhole } from "../special/root.ts";
import { NOTHING_BELOW, NOTHING_BEYOND, swapped, type Tails } from "../special/tails.ts";
import { transformedRejection } from "../transformed-rejection.ts";

export interface Binomial extends ScalarDistribution {
  readonly name: "binomial";
  readonly trials: number;
  readonly probability: number;
}

/** Beyond this, samples would not be whole numbers that f32 holds. */
const MOST_TRIALS = 2 ** 24;

/** Most values that are listed. */
const MOST_ATOMS = 65_536;

/**
 * The binomial distribution: successes among `trials`, each of `probability`.
 *
 * @throws InputError unless trials is a whole number from 0 to 2^53 - 1 and probability from 0 to 1; UnsupportedError, when it is sampled,
 * for more than 2^24 trials
 */
export function binomial(trials: number, probability: number): Binomial {
  if (!(Number.isSafeInteger(trials) && trials >= 0)) {
    throw new InputError(`binomial: trials must be a whole number, 0 or more, got ${shown(trials)}`);
  }
  if (!(typeof probability === "number" && probability >= 0 && probability <= 1)) {
    throw new InputError(`binomial: probability must be from 0 to 1, got ${shown(probability)}`);
  }
  const [n, p] = [trials, probability];
  const support: Support = { kind: "integers", low: p === 1 ? n : 0, high: p === 0 ? 0 : n };
  const mean = n * p;
  const variance = n * p * (1 - p);
  const logMass = (k: number) => logMassAt(n, p, k);
  const atoms = (): readonly Atom[] =>
    Array.from({ length: support.high - support.low + 1 }, (_, k) => ({
      value: support.low + k,
      probability: Math.exp(logMass(support.low + k)),
    })).filter((atom) => atom.probability > 0);
  return scalar<Binomial>({
    own: {
      name: "binomial",
      trials,
      probability,
      mean,
      variance,
      logProb: logMass,
      mode: () => Math.min(Math.max(Math.ceil((n + 1) * p) - 1, 0), n),
      entropy: () => entropyOf(logMass, mean, variance, p * (1 - p), n),
      tails: (k) => tailsOf(n, p, k),
      icdf: (level) => leastWhole((k) => tailsOf(n, p, k), level, support.low, support.high, mean, Math.sqrt(variance)),
    },
    support,
    known: () => ({
      moments: () => ({}),
      fall: () => ({ limit: Number.NEGATIVE_INFINITY, isConvex: false }),
      // Of other numbers of trials: a sum over the values.
      kl: (q) => (n === q.trials ? n * ofOdds(p, q.probability) : undefined),
      renyi: (q, alpha) => (n === q.trials ? n * renyiOfOdds(p, q.probability, alpha) : undefined),
      mostOver(q) {
        if (n !== q.trials) return undefined;
        // Linear in the count, and largest at either end.
        const ofFailure = Math.log1p((q.probability - p) / (1 - q.probability));
        return n * Math.max(logQuotient(p, q.probability), ofFailure);
      },
    }),
    model: () => modelOf(n, p),
    ...(n < MOST_ATOMS ? { atoms } : {}),
  });
}

function logMassAt(n: number, p: number, k: number): number {
  if (p === 0) return k === 0 ? 0 : Number.NEGATIVE_INFINITY;
  if (p === 1) return k === n ? 0 : Number.NEGATIVE_INFINITY;
  if (k === 0) return n * Math.log1p(-p);
  if (k === n) return n * Math.log(p);
  return logBetaMass(k, n - k, p, 1 - p) + Math.log(n / k) - Math.log(n - k);
}

function tailsOf(n: number, p: number, k: number): Tails {
  if (k < 0) return NOTHING_BELOW;
  if (k >= n) return NOTHING_BEYOND;
  return swapped(betaTails(k + 1, n - k, p, 1 - p));
}

const TRIALS = parameter("trials");
const MEAN = parameter("mean");
const OTHER_MEAN = parameter("otherMean");

// Loader's form of log(n! / (k! (n - k)!) p^k q^(n - k)) between 0 and n, whose ends have parameters.
function logMassOf(k: Expr): Expr {
  const count = call("min", atLeast(k, 1), atLeast(sub(TRIALS, number(1)), 1));
  const others = atLeast(sub(TRIALS, count), 1);
  const missing = add(sub(parameter("meanWhole"), count), parameter("meanRest"));
  const apart = add(countDeviance(count, MEAN, missing), countDeviance(others, OTHER_MEAN, neg(missing)));
  const remainders = add(stirlingRemainderOf(count), stirlingRemainderOf(others));
  const inner = sub(
    sub(add(parameter("logSpread"), apart), remainders),
    mul(number(0.5), add(log(count), log(others))),
  );
  const below = select(call("lt", k, number(0.5)), parameter("logNone"), inner);
  return select(call("gt", k, sub(TRIALS, number(0.5))), parameter("logAll"), below);
}

const LOG_DENSITY = logMassOf(X);

function modelOf(n: number, p: number): Formulas {
  if (n > MOST_TRIALS) {
    throw new UnsupportedError(
      "limits",
      `binomial: engines draw and weigh it in 32-bit floats, which hold its whole numbers for up to 2^24 trials, got ${n}; the logProb, cdf and moments of numbers have no such limit, and a normal of its mean and std, rounded, is close to it`,
    );
  }
  const mean = n * p;
  const whole = Math.round(mean);
  const rest = mean - whole;
  const logSpread = n > 0 ? stirlingRemainder(n) + (Math.log(n) - LOG_2PI) / 2 : 0;
  const shared = { logDensity: LOG_DENSITY, jumps: true };
  const own = {
    trials: n,
    mean,
    otherMean: n * (1 - p),
    meanWhole: whole,
    meanRest: Math.abs(rest) < LEAST_NORMAL ? 0 : rest,
    logSpread,
    logNone: n === 0 ? 0 : Math.max(n * Math.log1p(-p), LOG_ZERO),
    logAll: n === 0 ? 0 : Math.max(n * Math.log(p), LOG_ZERO),
  };
  // Of p and 1 - p the smaller is drawn, and the other counted where p is the larger.
  const q = Math.min(p, 1 - p);
  const mirrored = p > 0.5;
  const counted = (k: Expr) => (mirrored ? sub(TRIALS, k) : k);
  if (n * q < 10) {
    const { event, parameters } = ranked(massesOf(n, q));
    return { ...shared, variates: ["uniform"], event: [counted(event)], parameters: { ...own, ...parameters } };
  }
  // BTRS of W. Hörmann, The generation of binomial random variates (1993)
  const std = Math.sqrt(n * q * (1 - q));
  const width = 1.15 + 2.53 * std;
  const hat = {
    steepness: -0.0873 + 0.0248 * width + 0.01 * q,
    width,
    centre: n * q + 0.5,
    logHeight: Math.log((2.83 + 5.1 / width) * std) + logMassAt(n, q, Math.floor((n + 1) * q)),
  };
  const { event, rejection, parameters } = transformedRejection(hat, (k) => logMassOf(counted(k)), number(0), TRIALS);
  return {
    ...shared,
    variates: ["uniform", "uniform"],
    rejections: [rejection],
    event: [counted(event)],
    parameters: { ...own, ...parameters },
  };
}

/** Of 0, 1, … until what is left is never drawn. */
function massesOf(n: number, q: number): readonly number[] {
  const masses: number[] = [];
  for (let k = 0; k === 0 || (k <= n && q > 0 && tailsOf(n, q, k - 1).upper > NEVER); k++) {
    masses.push(Math.exp(logMassAt(n, q, k)));
  }
  return masses;
}
