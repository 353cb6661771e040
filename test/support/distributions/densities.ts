import { double } from "../../../src/arithmetic/double.ts";
import { single } from "../../../src/arithmetic/single.ts";
import { densityOf } from "../../../src/distributions/log-prob.ts";
import { evaluator } from "../../../src/expression/evaluate.ts";
import type { Instruction, Program } from "../../../src/expression/program.ts";
import {
  cauchy,
  type Distribution,
  gamma,
  gumbel,
  mixture,
  normal,
  type Point,
  pareto,
  type ScalarDistribution,
  weibull,
} from "../../../src/index.ts";

export interface End {
  readonly name: string;
  readonly of: ScalarDistribution;
  readonly points: readonly number[];
}

/** Distributions, and points where f32 ends or a location lies between its numbers. */
export const ENDS: readonly End[] = [
  [mixture([0.5, 0.5], [gumbel(0, 1), gumbel(1, 1)]), [-800, -100, -5, 3, 1e38]],
  [cauchy(0, 0.1), [1e38, -3e38, 1e-40]],
  [weibull(0.1, 2), [1e38, 1e-38, 1e-44]],
  [weibull(1e30, 2), [1e-10, 1e-40]],
  [pareto(0.1, 1), [1e38, 0.3]],
  [gamma(2, 1), [1.2e-38, 1e-40, 1e-45, 0]],
  [gamma(0.5, 1), [1e-40, 0]],
  [gamma(1e-6, 1), [3e38]],
  [normal(0.1, 1e-8), [0.1, 0.10000001, 0.09999999]],
  [normal(1e6 + 0.3, 0.1), [1e6, 1e6 + 0.25, 1e6 + 1]],
  [gumbel(0, 0.1), [-1e38, 1e38]],
].map(([of, points]) => ({ name: `${(of as ScalarDistribution).name} at ${points}`, of, points }) as End);

/** The f32 twin of the shader on one point, which has its bits, and the sum of the sizes of the log-density's terms there in f64. */
export function onTensor(of: Distribution): (x: Point) => { readonly got: number; readonly size: number } {
  const { program, parameters } = densityOf(of, "test");
  const rounded = parameters.map(Math.fround);
  const inF32 = evaluator(program, single);
  const inF64 = evaluator({ ...program, outputs: program.instructions.map((_, place) => place) }, double);
  return (point) => {
    const xs = typeof point === "number" ? [point] : point;
    const held = xs.map((x) => (x !== 0 && Math.abs(x) < 2 ** -126 ? Math.sign(x) * 2 ** -126 : x));
    const logs = xs.map((x) => (x === 0 ? -104 : Math.log(Math.abs(x))));
    const [value, state] = inF32(
      [...held, ...xs.map(logSizeOf)].map((x) => Float32Array.of(x)),
      rounded,
      1,
    );
    const found = state?.[0] === 0 ? -Infinity : state?.[0] === 2 ? Infinity : (value?.[0] ?? Number.NaN);
    const coordinates = [...held, ...logs].map((x) => Float64Array.of(x));
    const values = inF64(coordinates, parameters, 1).map(([v = Number.NaN]) => v);
    return { got: found, size: sizeAt(program, program.outputs[0] ?? 0, values) };
  };
}

/** The twin of log_size_of in shaders/lib/coordinates.wgsl. */
function logSizeOf(x: number): number {
  const size = Math.abs(x);
  if (size === 0) return -104;
  if (size >= 2 ** -126) return single.log(size);
  return single.log(size * 2 ** 149) - Math.fround(103.27892990343184);
}

/** Relative to the sizes of a log-density's terms. */
export const TOLERANCE = 4e-6;
/** Roundings in an exponent, (x - whole - rest) / scale: each of the three operations and each of the parameters rounds once. */
const EXPONENT_ROUNDINGS = 5 * 2 ** -24;

/**
 * Terms are what sums add up, and multiples and choices of sums, the largest of two among them. An exponential has the relative error that its exponent has as a number,
 * which for exponents over 13 is more than the tolerance.
 */
function sizeAt(program: Program, place: number, values: readonly number[]): number {
  const made = program.instructions[place] as Instruction;
  const [a = 0, b = 0, c = 0] = made.kind === "call" ? made.args : [];
  const of = (arg: number) => sizeAt(program, arg, values);
  if (made.kind !== "call") return Math.abs(values[place] ?? 0);
  if (made.action === "add" || made.action === "sub") return of(a) + of(b);
  if (made.action === "neg") return of(a);
  if (made.action === "exp") {
    return (values[place] ?? 0) * Math.max(1, (Math.abs(values[a] ?? 0) * EXPONENT_ROUNDINGS) / TOLERANCE);
  }
  if (made.action === "max" || made.action === "min") return of(values[a] === values[place] ? a : b);
  if (made.action === "select") return values[a] ? of(b) : of(c);
  if (made.action === "mul" && program.instructions[a]?.kind !== "call") return Math.abs(values[a] ?? 0) * of(b);
  return Math.abs(values[place] ?? 0);
}
