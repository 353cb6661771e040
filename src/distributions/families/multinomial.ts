import { LEAST_NORMAL } from "../../arithmetic/range.ts";
import { InputError, UnsupportedError } from "../../core/errors.ts";
import { shown } from "../../core/options.ts";
import { call, type Expr, number, parameter, variable } from "../../expression/expr.ts";
import { add, div, mul, neg, select, sub } from "../../expression/simplify.ts";
import { logQuotient } from "../bregman/generators.ts";
import { renyiOfMasses, share } from "../bregman/masses.ts";
import { classCounts, type PlacedClass } from "../class-counts.ts";
import { type CategoricalOptions, classProbabilities } from "../class-probabilities.ts";
import type { Atom, Support, VectorDistribution } from "../distribution.ts";
import { LOG_2PI, log } from "../formulas.ts";
import { type Formulas, vector } from "../make.ts";
import { atLeast, devianceOf, stirlingRemainderOf } from "../saddle-point.ts";
import { deviance, logPoissonMass, stirlingRemainder } from "../special/deviance.ts";
import { type ClassShare, multinomialEntropy } from "../special/multinomial-entropy.ts";

export interface Multinomial extends VectorDistribution {
  readonly name: "multinomial";
  readonly count: number;
  readonly probabilities: readonly number[];
}

const WHERE = "multinomial";

/** Beyond this, samples would not be whole numbers that f32 holds. */
const MOST_COUNTED = 2 ** 24;

/** Most values that are listed. */
const MOST_ATOMS = 65_536;

/** A class of positive probability. */
interface DrawnClass extends ClassShare, PlacedClass {}

/**
 * The multinomial distribution: how many of `count` draws of a class are of each, vectors of whole numbers that add up to `count`.
 *
 * Up to a count of 32 samples are sums of classes, drawn with probabilities exact to 2^-24; above it the count is split in two again and again, by
 * rejection. A class of probability 0 is never drawn.
 *
 * @param of - of each class: probabilities that add up to 1 within 1e-6, or logits, where -Infinity hides a class
 * @throws InputError unless count is a whole number from 0 to 2^53 - 1 and for other probabilities; when it is sampled or weighed by an engine,
 * UnsupportedError for a count of more than 2^24 and InputError for more classes than a shader takes: some thirty, nine in an expectation
 * of a count above 32
 */
export function multinomial(count: number, of: CategoricalOptions): Multinomial {
  if (!(Number.isSafeInteger(count) && count >= 0)) {
    throw new InputError(`${WHERE}: count must be a whole number from 0 to 2^53 - 1, got ${shown(count)}`);
  }
  const probabilities = Object.freeze([...classProbabilities(of, WHERE)]);
  const rests = restsOf(probabilities);
  const classes = probabilities.flatMap((p, at): DrawnClass[] => (p > 0 ? [{ p, rest: rests[at] ?? 0, at }] : []));
  const logMass = (x: readonly number[]) => logMassAt(count, classes, x);
  const size = probabilities.length;
  return vector<Multinomial>({
    own: {
      name: WHERE,
      count,
      probabilities,
      mean: probabilities.map((p) => count * p),
      variance: probabilities.map((p, k) => count * p * (rests[k] ?? 0)),
      logProb(x) {
        if (x.some(Number.isNaN)) return Number.NaN;
        const isCount = x.every(
          (value, k) => Number.isInteger(value) && value >= 0 && (value === 0 || (probabilities[k] ?? 0) > 0),
        );
        return isCount && totalOf(x) === count ? logMass(x) : Number.NEGATIVE_INFINITY;
      },
      mode: () => modeOf(count, probabilities),
      entropy: () => multinomialEntropy(count, classes),
    },
    support: probabilities.map((p, place): Support => {
      const [low, high] = [p > 0 && classes.length === 1 ? count : 0, p > 0 ? count : 0];
      return { kind: "integers", low, high, sum: { total: count, place, count: size } };
    }),
    known: () => {
      // Of other counts there is no value in common, and of none but one.
      const ofClasses = (q: Multinomial, of: () => number) =>
        count === q.count ? (count > 0 ? count * of() : 0) : undefined;
      return {
        kl: (q) => ofClasses(q, () => klOfClasses(probabilities, q.probabilities)),
        renyi: (q, alpha) => ofClasses(q, () => renyiOfClasses(probabilities, q.probabilities, alpha)),
        // Linear in the counts, and largest where all are of one class.
        mostOver: (q) =>
          ofClasses(q, () =>
            classes.reduce((most, { p, at }) => Math.max(most, logQuotient(p, q.probabilities[at] ?? 0)), 0),
          ),
      };
    },
    model: () => modelOf(count, classes, size),
    ...(fewValues(count, classes.length) ? { atoms: () => atomsOf(count, classes, size, logMass) } : {}),
  });
}

function totalOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** What each leaves of 1: that of more than a half from the others. */
function restsOf(probabilities: readonly number[]): readonly number[] {
  return probabilities.map((p, k) => (p < 0.5 ? 1 - p : totalOf(probabilities.filter((_, j) => j !== k))));
}

/**
 * Poisson counts of the classes' means, given their sum. The class that has most of x takes the sum's mass with it, so that what they share is left
 * out before it cancels.
 */
function logMassAt(count: number, classes: readonly DrawnClass[], x: readonly number[]): number {
  if (count === 0) return 0;
  const at = (k: number) => x[k] ?? 0;
  const most = classes.reduce((best, one) => (at(one.at) > at(best.at) ? one : best));
  return classes.reduce(
    (sum, one) => sum + (one === most ? logShareOf(count, one, at(one.at)) : logPoissonMass(at(one.at), count * one.p)),
    0,
  );
}

/** The logarithm of a Poisson count's mass at x >= 1 of mean `count` p, over that at `count` of mean `count`. */
function logShareOf(count: number, { p, rest }: ClassShare, x: number): number {
  const t = (p < 0.5 ? count * p - x : count - x - count * rest) / x;
  const apart = t < -0.5 ? t - Math.log((count / x) * p) : deviance(t);
  return stirlingRemainder(count) - stirlingRemainder(x) + Math.log1p((count - x) / x) / 2 - x * apart;
}

// From below, one by one to the class whose mass falls least; the last of several, so that the vector is the least in order.
function modeOf(count: number, probabilities: readonly number[]): readonly number[] {
  const x = probabilities.map((p) => Math.floor(count * p * (1 - Number.EPSILON)));
  const gain = (k: number) => (probabilities[k] ?? 0) / ((x[k] ?? 0) + 1);
  for (let left = count - totalOf(x); left > 0; left--) {
    const next = x.reduce((best, _, k) => (gain(k) >= gain(best) ? k : best), 0);
    x[next] = (x[next] ?? 0) + 1;
  }
  return x;
}

function klOfClasses(p: readonly number[], q: readonly number[]): number {
  return totalOf(p.map((own, k) => share(own, q[k] ?? 0, (q[k] ?? 0) - own)));
}

function renyiOfClasses(p: readonly number[], q: readonly number[], alpha: number): number {
  const massOf = (mass = 0) => ({ mass, log: Math.log(mass) });
  const values = p.map((own, k) => ({ p: massOf(own), q: massOf(q[k]), change: (q[k] ?? 0) - own }));
  return renyiOfMasses(values, 0, alpha);
}

/** Whether a count has no more than MOST_ATOMS ways over some classes: of one more class, a count of n has (n + 1) / 1 (n + 2) / 2 … */
function fewValues(count: number, classes: number): boolean {
  let ways = 1;
  for (let k = 1; k < classes && ways <= MOST_ATOMS; k++) ways *= (count + k) / k;
  return ways <= MOST_ATOMS;
}

function atomsOf(
  count: number,
  classes: readonly DrawnClass[],
  size: number,
  logMass: (x: readonly number[]) => number,
): readonly Atom[] {
  const atoms: Atom[] = [];
  const x = new Array<number>(size).fill(0);
  const visit = (k: number, left: number): void => {
    const [own, last] = [classes[k]?.at ?? 0, k === classes.length - 1];
    for (let here = last ? left : 0; here <= left; here++) {
      x[own] = here;
      if (!last) visit(k + 1, left - here);
      else atoms.push({ value: Object.freeze([...x]), probability: Math.exp(logMass(x)) });
    }
    x[own] = 0;
  };
  visit(0, count);
  return atoms.filter(({ probability }) => probability > 0);
}

function modelOf(count: number, classes: readonly DrawnClass[], size: number): Formulas {
  if (count > MOST_COUNTED) {
    throw new UnsupportedError(
      "limits",
      `${WHERE}: engines draw and weigh it in 32-bit floats, which hold its whole numbers for a count of up to 2^24, got ${count}; the logProb and moments of numbers have no such limit, and normals of its means and stds, rounded, are close to its counts`,
    );
  }
  const { counts, ...drawn } = classCounts(count, parameter("count"), classes);
  const terms = classes.map(({ p, at }) => termOf(count * p, at));
  const logTop = count > 0 ? stirlingRemainder(count) + (LOG_2PI + Math.log(count)) / 2 : 0;
  return {
    variates: drawn.variates,
    ...(drawn.rejections ? { rejections: drawn.rejections } : {}),
    event: Array.from({ length: size }, (_, k) => counts.get(k) ?? number(0)),
    logDensity: terms.map(({ term }) => term).reduce(add, parameter("logTop")),
    parameters: Object.assign({ count, logTop }, drawn.parameters, ...terms.map(({ parameters }) => parameters)),
    jumps: true,
  };
}

/** Means from here on have a ratio to any count in f32. */
const LEAST_MEAN = 1e-30;

/** The log-mass of a Poisson count in a coordinate, less what goes with the count alone; a mean too small for f32 is told by its logarithm. */
function termOf(mean: number, at: number): { readonly term: Expr; readonly parameters: Record<string, number> } {
  const of = (name: string) => parameter(`${name}${at}`);
  const x = variable(at);
  const some = atLeast(x, 1);
  const whole = Math.round(mean);
  const rest = mean - whole;
  const missing = add(sub(of("whole"), some), of("rest"));
  const logRatio = add(log(div(of("scaled"), some)), of("shift"));
  const apart = mul(some, devianceOf(div(missing, some), logRatio));
  const beyond = add(stirlingRemainderOf(some), mul(number(0.5), add(log(some), number(LOG_2PI))));
  const isFaint = mean < LEAST_MEAN;
  return {
    term: select(call("lt", x, number(0.5)), neg(of("mean")), neg(add(apart, beyond))),
    parameters: {
      [`mean${at}`]: mean < LEAST_NORMAL ? 0 : mean,
      [`whole${at}`]: whole,
      [`rest${at}`]: Math.abs(rest) < LEAST_NORMAL ? 0 : rest,
      [`scaled${at}`]: isFaint ? 1 : mean,
      [`shift${at}`]: isFaint ? Math.log(mean) : 0,
    },
  };
}
