import {
  type Engine,
  type Estimate,
  estimates,
  expectation,
  independent,
  mixture,
  normal,
  type Snapshot,
  uniform,
  type VectorEstimate,
} from "../../../src/index.ts";
import { disc, normalAbove } from "./rejection.ts";

/** Options of an expectation, loosely: tests also pass what should be refused. */
export type Options = Parameters<typeof expectation>[1];

/** The bits of f64 numbers, as 16 hexadecimal digits each; NaN has many, and which it has nobody promises. */
export function hex(...values: readonly number[]): string {
  const view = new DataView(new ArrayBuffer(8));
  const texts = values.map((value) => {
    if (Number.isNaN(value)) return "7ff8000000000000";
    view.setFloat64(0, value);
    return view.getBigUint64(0).toString(16).padStart(16, "0");
  });
  return texts.join(" ");
}

/** All numbers that an estimate stands for, as bits. */
export function bitsOf(e: Estimate | VectorEstimate): readonly string[] {
  const numbers = [e.mean, e.finiteMean, e.variance, e.standardError, e.nonFinite, e.effectiveSampleSize];
  return [...numbers.map((field) => hex(...[field].flat())), String(e.samples)];
}

export const standard = normal(0, 1);
export const unit = uniform(0, 1);

/** Integrands of 1 to 7 dimensions, of normals, uniforms and both, with every method. */
export const PROBLEMS: readonly { readonly name: string; readonly step: number; readonly options: Options }[] = [
  { name: "x^2 of a normal", step: 1, options: { of: "x^2", under: standard } },
  { name: "x of a uniform", step: 1, options: { of: "x", under: unit } },
  {
    name: "parameters",
    step: 1,
    options: { of: "exp(a * x) - b", under: normal(0.25, 1.5), parameters: { a: 0.3, b: 2 } },
  },
  {
    name: "philox, three formulas of two coordinates",
    step: 1,
    options: {
      of: ["x[0] * x[1]", "sin(x[0])", "x[1] > x[0]"],
      under: independent([standard, uniform(-1, 2)]),
      generator: "philox4x32-10",
    },
  },
  {
    name: "seven dimensions, normals and uniforms in turns",
    step: 1,
    options: {
      of: "x[0]*x[1] + x[2]*x[3] + log(x[5]) * x[4] + cos(x[6])",
      under: independent([standard, unit, standard, unit, standard, unit, standard]),
    },
  },
  { name: "rejected points", step: 1, options: { of: ["x[0]^2", "x[0]^2 * x[1]^2"], under: disc() } },
  {
    name: "rejections side by side",
    step: 1,
    options: { of: "x[0]^2 + x[2] * x[3]^2 + x[4]", under: independent([disc(), unit, normalAbove(0), disc()]) },
  },
  {
    name: "rejections of some components, philox",
    step: 1,
    options: {
      of: ["x", "x^2"],
      under: mixture([0.25, 0.35, 0.4], [normalAbove(0.5), standard, normalAbove(1)]),
      generator: "philox4x32-10",
    },
  },
  { name: "values that are not finite", step: 1, options: { of: "log(x)", under: standard } },
  { name: "antithetic normal", step: 2, options: { of: "exp(x)", under: standard, method: "antithetic" } },
  { name: "antithetic uniform", step: 2, options: { of: "sqrt(x)", under: unit, method: "antithetic" } },
  { name: "stratified normal", step: 2, options: { of: "exp(x)", under: standard, method: "stratified" } },
  {
    name: "stratified, the first of two coordinates",
    step: 2,
    options: { of: "x[0] * x[1]", under: independent([unit, standard]), method: "stratified" },
  },
  { name: "Sobol normal", step: 16, options: { of: "exp(x)", under: standard, method: "sobol" } },
  {
    name: "Sobol points in three dimensions, four randomisations",
    step: 4,
    options: {
      of: "x[0] * x[1] + tanh(x[2])",
      under: independent([standard, unit, standard]),
      method: "sobol",
      randomisations: 4,
    },
  },
  {
    name: "control variate",
    step: 1,
    options: { of: "exp(x)", under: standard, control: { of: "x + x^2/2", mean: 0.5 } },
  },
  { name: "importance", step: 1, options: { of: "x > 3", under: standard, proposal: normal(2, 1.5) } },
  {
    name: "self-normalised importance",
    step: 1,
    options: { of: "x^2", under: standard, proposal: normal(0, 2), selfNormalised: true },
  },
  {
    name: "conditional",
    step: 1,
    options: { of: "(x[0] + x[1])^2", under: independent([standard, standard]), conditional: "x[0]^2 + 1" },
  },
];

/** Methods whose points depend on how many there are. */
export function isFixed({ method }: Options): boolean {
  return method === "stratified" || method === "sobol";
}

/** Runs until `after` estimates are there, aborts, and gives the last estimate, whose snapshot went through JSON. */
export async function cutShort(
  engine: Engine,
  options: Options,
  after: number,
): Promise<{ readonly last: Estimate | VectorEstimate; readonly snapshot: Snapshot }> {
  const controller = new AbortController();
  const told: (Estimate | VectorEstimate)[] = [];
  const onProgress = (e: Estimate | VectorEstimate) => {
    told.push(e);
    if (told.length === after) controller.abort();
  };
  try {
    await expectation(engine, { ...options, signal: controller.signal, onProgress } as Options);
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
  }
  const last = told.at(-1);
  if (!last) throw new Error("nothing was told");
  return { last, snapshot: JSON.parse(JSON.stringify(last.snapshot)) as Snapshot };
}

/** An engine's front that counts the plans it is given, and may change the records that come back. */
export function spied(engine: Engine, change: (records: Uint32Array, call: number) => void = () => {}) {
  let calls = 0;
  const handler: ProxyHandler<Engine> = {
    get(target, name) {
      if (name === "fetch") {
        return async (...args: Parameters<Engine["fetch"]>) => {
          const call = calls++;
          const got = await target.fetch(...args);
          for (const values of Object.values(got)) if (values instanceof Uint32Array) change(values, call);
          return got;
        };
      }
      const value = Reflect.get(target, name, target) as unknown;
      return typeof value === "function" ? value.bind(target) : value;
    },
  };
  return { engine: new Proxy(engine, handler), calls: () => calls };
}

/** An engine's front that has the kernels made that this machine would not get: those of other adapters. */
export function otherKernels(engine: Engine): Engine {
  return new Proxy(engine, {
    get(target, name) {
      if (name === "machine") {
        const { slowShifts, software, ...machine } = target.machine;
        return { ...machine, software: !software, slowShifts: !slowShifts };
      }
      const value = Reflect.get(target, name, target) as unknown;
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** Every estimate of a run. */
export async function allOf(engine: Engine, options: Options): Promise<readonly (Estimate | VectorEstimate)[]> {
  const seen: (Estimate | VectorEstimate)[] = [];
  for await (const e of estimates(engine, options)) seen.push(e as Estimate | VectorEstimate);
  return seen;
}

/** A case with a name in front, for a test's title. */
export function named<C extends readonly [Options, ...unknown[]]>(one: C): readonly [string, ...C] {
  const { of, under, samples, method } = one[0];
  const parts = [String(of), `under ${under.name}`, method, samples === undefined ? undefined : `N = ${samples}`];
  return [parts.filter(Boolean).join(", "), ...one];
}
