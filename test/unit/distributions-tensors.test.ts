import { describe, expect, it, test } from "vitest";
import { double } from "../../src/arithmetic/double.ts";
import { single } from "../../src/arithmetic/single.ts";
import { densityOf } from "../../src/distributions/log-prob.ts";
import { evaluator } from "../../src/expression/evaluate.ts";
import type { Instruction, Program } from "../../src/expression/program.ts";
import {
  cauchy,
  type Distribution,
  dirichlet,
  Engine,
  gamma,
  gumbel,
  mixture,
  normal,
  pareto,
  weibull,
} from "../../src/index.ts";
import { functionsGoldens } from "../golden/functions.ts";

// Costs about three seconds of CPU time.

/** Relative to the sizes of a log-density's terms. */
const TOLERANCE = 4e-6;

/** The f32 twin of the shader on one point, which has its bits, and the sum of the sizes of the log-density's terms there in f64. */
function onTensor(of: Distribution): (x: number) => { readonly got: number; readonly size: number } {
  const { program, parameters } = densityOf(of, "test");
  const rounded = parameters.map(Math.fround);
  const inF32 = evaluator(program, single);
  const inF64 = evaluator({ ...program, outputs: program.instructions.map((_, place) => place) }, double);
  return (x) => {
    const held = x !== 0 && Math.abs(x) < 2 ** -126 ? Math.sign(x) * 2 ** -126 : x;
    const log = x === 0 ? -104 : Math.log(Math.abs(x));
    const [value, state] = inF32([Float32Array.of(held), Float32Array.of(log)], rounded, 1);
    const found = state?.[0] === 0 ? -Infinity : state?.[0] === 2 ? Infinity : (value?.[0] ?? Number.NaN);
    const values = inF64([Float64Array.of(held), Float64Array.of(log)], parameters, 1).map(([v = Number.NaN]) => v);
    return { got: found, size: sizeAt(program, program.outputs[0] ?? 0, values) };
  };
}

/** Terms are what sums add up, and multiples and choices of sums. */
function sizeAt(program: Program, place: number, values: readonly number[]): number {
  const made = program.instructions[place] as Instruction;
  const [a = 0, b = 0, c = 0] = made.kind === "call" ? made.args : [];
  const of = (arg: number) => sizeAt(program, arg, values);
  if (made.kind !== "call") return Math.abs(values[place] ?? 0);
  if (made.action === "add" || made.action === "sub") return of(a) + of(b);
  if (made.action === "neg") return of(a);
  if (made.action === "select") return values[a] ? of(b) : of(c);
  if (made.action === "mul" && program.instructions[a]?.kind !== "call") return Math.abs(values[a] ?? 0) * of(b);
  return Math.abs(values[place] ?? 0);
}

const families = [...new Set(functionsGoldens.map(({ call }) => call.slice(0, call.indexOf("("))))];

describe("logProb of tensors, of parameters from 1e-6 to 1e6, at points of f32", () => {
  it.each(families)("%s is mpmath's", (family) => {
    const outside: string[] = [];
    for (const golden of functionsGoldens.filter(({ call }) => call.startsWith(`${family}(`))) {
      const of = golden.make();
      if (of.name === "geometric" && Number((of as { probability?: unknown }).probability) < 3e-6) continue;
      const at = onTensor(of);
      for (const { x, logProb } of golden.points) {
        if (!Object.is(Math.fround(x), x)) continue;
        // Beyond f32 there is only infinity.
        const want = Math.abs(logProb) > 3.4e38 ? Math.sign(logProb) * Infinity : logProb;
        const { got, size } = at(x);
        if (Object.is(got, want) || got === want || Math.abs(got - want) <= TOLERANCE * size) continue;
        outside.push(
          `${golden.call} at ${x}: got ${got}, want ${want}, off by ${(Math.abs(got - want) / size).toExponential(1)} of its terms`,
        );
      }
    }
    expect(outside.slice(0, 20), `${outside.length} points`).toEqual([]);
  });
});

describe("logProb of tensors where f32 ends", () => {
  test.for([
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
  ] as const)("%s", async ([of, points], { expect }) => {
    const engine = await Engine.create({ backend: "cpu" });
    try {
      const reference = await of.logProb(engine.tensor(Float32Array.from(points), [points.length])).read();
      points.forEach((point, k) => {
        const x = Math.fround(point);
        const want = of.logProb(x);
        const { got, size } = onTensor(of)(x);
        for (const value of [got, reference[k] as number]) {
          if (Math.abs(want) > 3.4e38) expect(value, `${x}`).toBe(Math.sign(want) * Infinity);
          else expect(Math.abs(value - want), `${x}: ${value}, ${want}`).toBeLessThanOrEqual(TOLERANCE * size);
        }
      });
    } finally {
      engine.dispose();
    }
  });

  test.for([
    [2, 2, 2],
    [0.5, 0.5, 0.5],
    [1, 1, 1],
    [1, 2, 2],
    [0.5, 2, 1],
    [2, 0.5, 1],
  ])("dirichlet %s", async (concentration) => {
    const engine = await Engine.create({ backend: "cpu" });
    const of = dirichlet(concentration);
    const points = [
      [0, 0.5, 0.5],
      [0.5, 0, 0.5],
      [0.5, 0.5, 0],
      [0, 0, 1],
      [0.25, 0.25, 0.5],
      [0.5, 0.25, 0],
      [-0.5, 0.5, 1],
    ];
    const found = await of.logProb(engine.tensor(Float32Array.from(points.flat()), [points.length, 3])).read();
    points.forEach((point, k) => {
      const want = of.logProb(point);
      if (Number.isFinite(want)) expect(Math.abs((found[k] as number) - want), `${point}`).toBeLessThan(2e-5);
      else expect(found[k], `${point}`).toBe(want);
    });
    engine.dispose();
  });
});
