import { describe, expect, test } from "vitest";
import { single } from "../../../src/arithmetic/single.ts";
import { differentiate } from "../../../src/expression/differentiate.ts";
import { evaluator } from "../../../src/expression/evaluate.ts";
import { type Expr, variable } from "../../../src/expression/expr.ts";
import { FUNCTIONS } from "../../../src/expression/functions.ts";
import { parseFormula } from "../../../src/expression/parse.ts";
import { lowerUnchecked, type Program } from "../../../src/expression/program.ts";
import { f32x4 } from "../../../src/wasm/simd.ts";
import { callsIn, emitProgram, inPlace } from "../../../src/wasm-formulas/expression.ts";
import { randomSource } from "../../support/data.ts";
import {
  BASIC_OPERATIONS,
  ELEMENTARY_OPERATIONS,
  NUMBERS,
  randomExpression,
} from "../../support/expression/random-expressions.ts";
import { runColumns } from "../../support/wasm-formulas/wasm-lanes.ts";

// A program as WebAssembly gives the bits of its f32 evaluator, subnormal numbers included.

const POINTS = 256;
const A_MODULE = 40;
const PARAMETERS = { a: 0.7, b: -2.5 } as const;

const SPECIAL = [
  ...[0, -0, 1, -1, 2, 0.5, -0.5, 3, 1.5, 1e30, -1e30, 1e-30, 16777217],
  ...[Infinity, -Infinity, NaN, 88.8, -104, 1e-40, -(2 ** -149), 2 ** -126],
];

function variablesOf(seed: number): Float32Array[] {
  const random = randomSource(seed);
  return Array.from({ length: 3 }, () =>
    Float32Array.from({ length: POINTS }, (_, i) => {
      if (i % 3 === 0) return SPECIAL[Math.floor(random() * SPECIAL.length)] ?? 0;
      return (2 * random() - 1) * 10 ** Math.floor(3 * random());
    }),
  );
}

function parametersOf(program: Program): readonly number[] {
  return program.parameters.map((name) => PARAMETERS[name as keyof typeof PARAMETERS]);
}

/** The first outputs of programs that share one module. */
function outputsOf(programs: readonly Program[], variables: readonly Float32Array[], most?: number): Float32Array[] {
  return runColumns(variables, programs.length, (module) => {
    const calls = callsIn(module, programs, most);
    return (f, xs) =>
      programs.flatMap((program) => {
        const parameters = parametersOf(program).map((value) => f32x4.const(value));
        return emitProgram(f, program, xs, parameters, calls).slice(0, 1);
      });
  });
}

/** How many points were compared; throws at the first that differs. */
function expectSameBits(exprs: readonly Expr[], variables: readonly Float32Array[], most?: number): number {
  const programs = exprs.map((expr) => lowerUnchecked([expr]));
  let compared = 0;
  for (let first = 0; first < programs.length; first += A_MODULE) {
    const batch = programs.slice(first, first + A_MODULE);
    const outputs = outputsOf(batch, variables, most);
    for (const [k, program] of batch.entries()) {
      const [want] = evaluator(program, single)(variables, parametersOf(program), POINTS);
      for (let i = 0; i < POINTS; i++, compared++) {
        if (Object.is(outputs[k]?.[i], want?.[i])) continue;
        const point = variables.map((x) => x[i]);
        throw new Error(`at ${point} it is ${want?.[i]}, and here ${outputs[k]?.[i]}: ${JSON.stringify(program)}`);
      }
    }
  }
  return compared;
}

const parsed = (text: string): Expr => parseFormula(text, { dimension: 3, where: "of" });

describe("a program as WebAssembly has the evaluator's bits", () => {
  test("where it is one of 360 random ones of exact operations", () => {
    const random = randomSource(11);
    const kind = { operations: BASIC_OPERATIONS, numbers: NUMBERS, variables: 3, parameters: ["a", "b"] };
    const exprs = Array.from({ length: 360 }, (_, k) => randomExpression(random, 3 + (k % 24), kind));
    expect(expectSameBits(exprs, variablesOf(5))).toBe(360 * POINTS);
  });

  test.each([
    ["called", 0],
    ["written in place", Infinity],
  ])("where it is one of 120 random ones of all operations, %s", (_, most) => {
    const random = randomSource(12);
    const operations = [...BASIC_OPERATIONS, ...ELEMENTARY_OPERATIONS, ...ELEMENTARY_OPERATIONS];
    const kind = { operations, numbers: NUMBERS, variables: 3, parameters: ["a", "b"] };
    const exprs = Array.from({ length: 120 }, (_, k) => randomExpression(random, 1 + (k % 12), kind));
    expect(expectSameBits(exprs, variablesOf(6), most)).toBe(120 * POINTS);
  });

  test("where it is a function of formulas or its derivative", () => {
    const exprs = [...FUNCTIONS].flatMap(([name, known]) => {
      const args = ["x[0]", "x[1]", "x[2]"].slice(0, Math.min(3, known.most));
      const expr = parsed(`${name}(${args.join(", ")})`);
      return name === "trigamma" ? [expr] : [expr, differentiate(expr, variable(0))];
    });
    expect(expectSameBits(exprs, variablesOf(7))).toBeGreaterThan(10_000);
  });

  test("where it is a formula of every day", () => {
    const formulas = [
      "x[0]^2 + x[1]^2 < 1",
      "exp(-x[0]^2 / 2) / sqrt(2 * pi)",
      "max(100 * exp(0.03 + 0.2 * x[0]) - 100, 0) * exp(-0.05)",
      "x[0] / 3 + 3 / x[0] + x[0] / x[0] - x[0] / 0",
      ...["2", "-0.5", "1e38", "2^-126", "2^126", "2^127"].map((divisor) => `x[0] / (${divisor})`),
      "0 * x[0] + 0 / x[1]",
      "x[1]",
      "2.1",
      Array.from({ length: 128 }, (_, k) => `x[${k % 3}]*${k}`).join("+"),
      Array.from({ length: 60 }, (_, k) => `sin(${k}*x[0])`).join("+"),
    ];
    expect(expectSameBits(formulas.map(parsed), variablesOf(8))).toBe(formulas.length * POINTS);
  });

  test("where a condition is NaN, a zero or a subnormal number", () => {
    const values = [NaN, 0, -0, 2 ** -149, -1, 2, Infinity, -Infinity];
    const variables = [0, 3, 6].map((shift) =>
      Float32Array.from({ length: POINTS }, (_, i) => values[(i >> shift) & 7] ?? 0),
    );
    const formulas = [
      "select(x[0], x[1], 7)",
      "select(not x[0], 3, x[1])",
      "select(x[0] < x[1], 1, 2)",
      "select(x[0] != x[1] and x[1], 1, 2)",
      "x[0] and x[1]",
      "x[0] or x[1]",
      "not x[0]",
      "(x[0] or x[1]) and not (x[0] and x[1])",
      "(x[0] == x[1]) + 2 * (x[0] != x[1]) + 4 * (x[0] <= x[1]) + 8 * (x[0] >= x[1])",
      "(x[0] < x[1]) * x[1]",
      ...["min", "max"].flatMap((name) =>
        ["x[0], x[1]", "x[0], 0", "0, x[0]", "x[0], -0", "2, x[0]"].map((args) => `${name}(${args})`),
      ),
      ...["sign", "abs", "floor", "ceil"].map((name) => `${name}(x[0])`),
    ];
    expect(expectSameBits(formulas.map(parsed), variables)).toBe(formulas.length * POINTS);
  });
});

test("a program of several outputs gives each, and a value that is used again is computed once", () => {
  const program = lowerUnchecked(["exp(x[0] - x[1])", "exp(x[0] - x[1])^2", "x[0]", "x[0] - x[1]"].map(parsed));
  const variables = variablesOf(9);
  let calls = 0;
  const got = runColumns(
    variables,
    program.outputs.length,
    () => (f, xs) =>
      emitProgram(f, program, xs, [], (...call) => {
        calls++;
        return inPlace(...call);
      }),
  );
  const want = evaluator(program, single)(variables, [], POINTS);
  expect(got).toEqual(want.map((column) => column.slice(0, POINTS)));
  expect(calls).toBe(1);
});

test("a chain of 8,000 instructions is written in places of its own", () => {
  const program = lowerUnchecked([parsed("x[0]")]);
  const instructions = [...program.instructions];
  for (let k = 0; k < 8_000; k++) {
    instructions.push({ kind: "call", action: k % 2 === 0 ? "neg" : "abs", args: [instructions.length - 1] });
  }
  const long = { ...program, instructions, outputs: [instructions.length - 1] };
  const [got] = runColumns([Float32Array.of(1, -2, 3)], 1, () => (f, xs) => emitProgram(f, long, xs, []));
  expect([...(got ?? [])]).toEqual([1, 2, 3]);
});
