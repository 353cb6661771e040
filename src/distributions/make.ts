import type { Engine } from "../engine/engine.ts";
import { InputError } from "../engine/errors.ts";
import { Tensor } from "../engine/tensor.ts";
import { type SampleOptions, sampled } from "../expectation/sample.ts";
import { shown } from "./checks.ts";
import type { Atom, Distribution, Model, ScalarDistribution, Support, VectorDistribution } from "./distribution.ts";
import { logProbOfRows } from "./log-prob.ts";

/** What `scalar` and `vector` add themselves. */
type Made = "shape" | "support" | "model" | "atoms" | "logProb" | "sample";

/** A model but for its support. */
export type Formulas = Omit<Model, "support">;

interface Family<S> {
  readonly support: S;
  /** Called when the formulas are first asked for. */
  readonly model: () => Formulas;
  readonly atoms?: () => readonly Atom[] | undefined;
}

/**
 * What a family of numbers says of itself: `logProb` is asked only within the support, `cdf` only for x below its end, `icdf` only
 * for p between 0 and 1.
 */
export interface ScalarFamily<D extends ScalarDistribution> extends Family<Support> {
  readonly own: Omit<D, Made> & { logProb(x: number): number };
}

const SCALAR: readonly [] = Object.freeze([]);

/** A distribution of numbers, which checks what it is asked. */
export function scalar<D extends ScalarDistribution>({ own, support, model, atoms }: ScalarFamily<D>): D {
  const family = own as Omit<ScalarDistribution, Made> & { logProb(x: number): number };
  const { name } = family;
  const { low, high } = support;
  const made: Omit<ScalarDistribution, "model"> = {
    ...family,
    sample,
    shape: SCALAR,
    support: Object.freeze([Object.freeze({ ...support })]),
    logProb: onTensors(function logProb(x: number): number {
      checkNumber(x, "x", `${name}.logProb`);
      if (Number.isNaN(x)) return Number.NaN;
      const inside = x >= low && x <= high && (support.kind === "interval" || Number.isInteger(x));
      return inside && Number.isFinite(x) ? family.logProb(x) : Number.NEGATIVE_INFINITY;
    }),
    cdf(x: number): number {
      checkNumber(x, "x", `${name}.cdf`);
      if (Number.isNaN(x)) return Number.NaN;
      if (x < low || x === Number.NEGATIVE_INFINITY) return 0;
      return x >= high ? 1 : family.cdf(x);
    },
    icdf(p: number): number {
      checkNumber(p, "p", `${name}.icdf`);
      if (Number.isNaN(p)) return Number.NaN;
      if (p < 0 || p > 1) throw new InputError(`${name}.icdf: p must be from 0 to 1, got ${p}`);
      if (p === 0) return low;
      return p === 1 ? high : family.icdf(p);
    },
  };
  return withFormulas(made, model, atoms) satisfies ScalarDistribution as unknown as D;
}

/** What a family of vectors says of itself: it has as many coordinates as supports. */
export interface VectorFamily<D extends VectorDistribution> extends Family<readonly Support[]> {
  readonly own: Omit<D, Made> & { logProb(x: readonly number[]): number };
}

/** A distribution of vectors, which checks what it is asked. */
export function vector<D extends VectorDistribution>({ own, support, model, atoms }: VectorFamily<D>): D {
  const family = own as Omit<VectorDistribution, Made> & { logProb(x: readonly number[]): number };
  const { name } = family;
  const size = support.length;
  const made: Omit<VectorDistribution, "model"> = {
    ...family,
    sample,
    shape: Object.freeze([size] as const),
    support: Object.freeze(support.map((each) => Object.freeze({ ...each }))),
    mean: Object.freeze([...family.mean]),
    variance: Object.freeze([...family.variance]),
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
  return withFormulas(made, model, atoms) satisfies VectorDistribution as unknown as D;
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

function withFormulas<D extends Pick<Distribution, "support">>(
  made: D,
  model: () => Formulas,
  atoms?: () => readonly Atom[] | undefined,
): D & Pick<Distribution, "model" | "atoms"> {
  const formulas = {
    model: { get: once(() => frozen({ ...model(), support: made.support })) },
    atoms: { get: once(() => atoms?.()) },
  };
  return Object.freeze(Object.defineProperties(made, formulas)) as D & Pick<Distribution, "model" | "atoms">;
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

function checkNumber(value: number, name: string, where: string): void {
  if (typeof value !== "number") throw new InputError(`${where}: ${name} must be a number, got ${shown(value)}`);
}
