import { InputError } from "../core/errors.ts";
import type { Engine } from "../engine/engine.ts";
import { Tensor } from "../engine/tensor.ts";
import { shown } from "./checks.ts";
import type { Curved } from "./curve/tables.ts";
import type {
  Atom,
  Distribution,
  Knowledge,
  Model,
  ScalarDistribution,
  Support,
  VectorDistribution,
} from "./distribution.ts";
import { logProbOfRows } from "./log-prob.ts";
import { curveOfTensor } from "./on-tensors.ts";
import { sampled } from "./sample.ts";
import type { SampleOptions } from "./sample-options.ts";
import { NOTHING_BELOW, NOTHING_BEYOND, type Tails } from "./special/tails.ts";

/** What `scalar` and `vector` add themselves. */
type Made =
  | "shape"
  | "support"
  | "model"
  | "atoms"
  | "known"
  | "logProb"
  | "sample"
  | "standardDeviation"
  | "mode"
  | "median";

/** What follows from `tails`. */
type OfTails = "cdf" | "survival" | "logCdf" | "logSurvival";

/** A model but for its support. */
export type Formulas = Omit<Model, "support">;

interface Family<S, D extends Distribution> {
  readonly support: S;
  /** Called when the formulas are first asked for. */
  readonly model: () => Formulas;
  readonly atoms?: () => readonly Atom[] | undefined;
  /** Called with the distribution when a divergence first asks. */
  readonly known?: (of: D) => Knowledge<D>;
}

/**
 * What a family of numbers says of itself: `logProb` is asked only within the support, `tails` only for x within its ends, and for whole
 * numbers where the support is of these, `icdf` only for p between 0 and 1.
 */
export interface ScalarFamily<D extends ScalarDistribution> extends Family<Support, D> {
  readonly own: Omit<D, Made | OfTails | "icdf"> & OwnNumbers;
}

interface OwnNumbers {
  logProb(x: number): number;
  tails(x: number): Tails;
  icdf(p: number): number;
  mode(): number;
  /** Where icdf(0.5) and the square root of the variance are not the way to them. */
  median?(): number;
  standardDeviation?(): number;
}

const SCALAR: readonly [] = Object.freeze([]);

/** A distribution of numbers, which checks what it is asked. */
export function scalar<D extends ScalarDistribution>({ own, support, model, atoms, known }: ScalarFamily<D>): D {
  const { tails, mode, median, standardDeviation, ...family } = own as Omit<
    ScalarDistribution,
    Made | OfTails | "icdf"
  > &
    OwnNumbers;
  const { name } = family;
  const { low, high } = support;
  const whole = support.kind === "integers";
  const within = whole ? tails : (x: number) => nearEnds(tails(x), x, support, family.logProb);
  const tail = (of: OfTails, part: keyof Tails) => (x: number) => {
    checkNumber(x, "x", `${name}.${of}`);
    if (Number.isNaN(x)) return Number.NaN;
    if (x < low || x === Number.NEGATIVE_INFINITY || (x === low && !whole)) return NOTHING_BELOW[part];
    return (x >= high ? NOTHING_BEYOND : within(whole ? Math.floor(x) : x))[part];
  };
  const icdf = (p: number): number => {
    checkNumber(p, "p", `${name}.icdf`);
    if (Number.isNaN(p)) return Number.NaN;
    if (p < 0 || p > 1) throw new InputError(`${name}.icdf: p must be from 0 to 1, got ${p}`);
    if (p === 0) return low;
    // Rounding may leave the support.
    return p === 1 ? high : Math.min(Math.max(family.icdf(p), low), high);
  };
  const made: Omit<ScalarDistribution, "model" | Lazy> = {
    ...family,
    sample,
    shape: SCALAR,
    support: Object.freeze([Object.freeze({ ...support })]),
    logProb: onTensors(function logProb(x: number): number {
      checkNumber(x, "x", `${name}.logProb`);
      if (Number.isNaN(x)) return Number.NaN;
      const inside = x >= low && x <= high && (!whole || Number.isInteger(x));
      return inside && Number.isFinite(x) ? family.logProb(x) : Number.NEGATIVE_INFINITY;
    }),
    cdf: curved("cdf", tail("cdf", "lower")),
    survival: curved("survival", tail("survival", "upper")),
    logCdf: curved("logCdf", tail("logCdf", "logLower")),
    logSurvival: curved("logSurvival", tail("logSurvival", "logUpper")),
    icdf: curved("icdf", icdf),
  };
  const lazy = withGetters(made, {
    mode,
    median: median ?? (() => icdf(0.5)),
    standardDeviation: standardDeviation ?? (() => Math.sqrt(family.variance)),
  });
  const of: D = withFormulas(lazy, model, atoms, () => known?.(of)) satisfies ScalarDistribution as unknown as D;
  return of;
}

/** What a family of vectors says of itself: it has as many coordinates as supports. */
export interface VectorFamily<D extends VectorDistribution> extends Family<readonly Support[], D> {
  readonly own: Omit<D, Made | "mean" | "variance"> & OwnVectors;
}

/** Of each coordinate; a function where it is not known before it is asked for. */
type OfCoordinates = readonly number[] | (() => readonly number[]);

interface OwnVectors {
  readonly mean: OfCoordinates;
  readonly variance: OfCoordinates;
  logProb(x: readonly number[]): number;
  mode?(): readonly number[] | undefined;
  standardDeviation?(): readonly number[];
}

/** A distribution of vectors, which checks what it is asked. */
export function vector<D extends VectorDistribution>({ own, support, model, atoms, known }: VectorFamily<D>): D {
  const { mean, variance, mode, standardDeviation, ...family } = own as Omit<
    VectorDistribution,
    Made | "mean" | "variance"
  > &
    OwnVectors;
  const { name } = family;
  const size = support.length;
  const made: Omit<VectorDistribution, "model" | Lazy | "mean" | "variance"> = {
    ...family,
    sample,
    shape: Object.freeze([size] as const),
    support: Object.freeze(support.map((each) => Object.freeze({ ...each }))),
    ...(typeof mean === "function" ? undefined : { mean: Object.freeze([...mean]) }),
    ...(typeof variance === "function" ? undefined : { variance: Object.freeze([...variance]) }),
    logProb: onTensors(function logProb(x: ArrayLike<number>): number {
      const isList = typeof x === "object" && x !== null;
      if (!isList || x.length !== size) {
        const got = isList ? `an array of ${x.length}` : shown(x);
        throw new InputError(`${name}.logProb: x must be an array of ${size} numbers, got ${got}`);
      }
      const point = Array.from(x);
      for (const coordinate of point) checkNumber(coordinate, "a coordinate of x", `${name}.logProb`);
      return family.logProb(point);
    }),
  };
  const lazy = withGetters(made, {
    ...(typeof mean === "function" && { mean: () => Object.freeze([...mean()]) }),
    ...(typeof variance === "function" && { variance: () => Object.freeze([...variance()]) }),
    ...(mode && { mode: () => Object.freeze(mode()) }),
    standardDeviation: () => Object.freeze(standardDeviation?.() ?? of.variance.map(Math.sqrt)),
  });
  const of: D = withFormulas(lazy, model, atoms, () => known?.(of)) as unknown as D;
  return of;
}

function sample(this: Distribution, engine: Engine, count: number, options: SampleOptions = {}): Tensor {
  return sampled(engine, this, count, options);
}

interface LogProb<X> {
  (x: X): number;
  (x: Tensor): Tensor;
}

/** The log-density of points in f64, or of the rows of a tensor on its engine. */
function onTensors<X>(logProb: (x: X) => number): LogProb<X> {
  return function (this: Distribution, x: X | Tensor) {
    return x instanceof Tensor ? logProbOfRows(this, x) : logProb(x);
  } as LogProb<X>;
}

interface OfNumbers {
  (x: number): number;
  (x: Tensor): Tensor;
}

/** A function of a number in f64, or of each number of a tensor on its engine. */
function curved(of: Curved, f: (x: number) => number): OfNumbers {
  return function (this: ScalarDistribution, x: number | Tensor) {
    return x instanceof Tensor ? curveOfTensor(this, of, x) : f(x);
  } as OfNumbers;
}

function withFormulas<D extends Pick<Distribution, "support">>(
  made: D,
  model: () => Formulas,
  atoms: (() => readonly Atom[] | undefined) | undefined,
  known: () => Knowledge | undefined,
): D & Pick<Distribution, "model" | "atoms" | "known"> {
  const formulas = {
    model: { get: once(() => frozen({ ...model(), support: made.support })) },
    atoms: { get: once(() => atoms?.()) },
    known: { get: once(known) },
  };
  return Object.freeze(Object.defineProperties(made, formulas)) as D & Pick<Distribution, "model" | "atoms" | "known">;
}

/** What is computed when it is first asked for; to print a distribution asks for nothing. */
type Lazy = "mode" | "median" | "standardDeviation";

function withGetters<D extends object, G extends Record<string, () => unknown>>(
  made: D,
  getters: G,
): D & { readonly [K in keyof G]: ReturnType<G[K]> } {
  const properties = Object.entries(getters).map(([name, get]) => [name, { get: once(get) }]);
  return Object.defineProperties(made, Object.fromEntries(properties)) as D & {
    readonly [K in keyof G]: ReturnType<G[K]>;
  };
}

function frozen(model: Model): Model {
  const { variates, event, parameters, rejections, refined } = model;
  for (const member of [variates, event, parameters, rejections, refined]) Object.freeze(member);
  return Object.freeze(model);
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Probabilities from here on keep their digits. */
const FAINT = 1e-290;

/** Tails with their logarithms beside an end too, where the density is as at the end and the probability below f64's range. */
function nearEnds(found: Tails, x: number, { low, high }: Support, logProb: (x: number) => number): Tails {
  const logShare = (end: number, known: number) => {
    const log = Number.isFinite(end) ? logProb(end) : Number.NaN;
    return Math.abs(logProb(x) - log) < 1e-13 ? log + Math.log(Math.abs(x - end)) : known;
  };
  if (found.lower < FAINT) return { ...found, logLower: logShare(low, found.logLower) };
  return found.upper < FAINT ? { ...found, logUpper: logShare(high, found.logUpper) } : found;
}

function checkNumber(value: number, name: string, where: string): void {
  if (typeof value !== "number") throw new InputError(`${where}: ${name} must be a number, got ${shown(value)}`);
}
