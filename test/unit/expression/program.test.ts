import { describe, expect, test } from "vitest";
import { call, type Expr, number, parameter, variable } from "../../../src/expression/expr.ts";
import { parseFormula } from "../../../src/expression/parse.ts";
import { type Instruction, isBool, lower, lowerUnchecked, signature } from "../../../src/expression/program.ts";
import { emitProgram } from "../../../src/expression/wgsl.ts";
import { randomSource } from "../../support/data.ts";
import {
  BASIC_OPERATIONS,
  ELEMENTARY_OPERATIONS,
  NUMBERS,
  randomExpression,
} from "../../support/expression/random-expressions.ts";

const context = { dimension: 0, where: "of", parameters: ["a", "b", "c"] };
const parse = (text: string) => parseFormula(text, context);
const programOf = (...texts: string[]) => lower(texts.map(parse));
const actions = (instructions: readonly Instruction[]) =>
  instructions.map((made) => (made.kind === "call" ? made.action : made.kind));
const count = (text: string, action: string) =>
  actions(programOf(text).instructions).filter((a) => a === action).length;

describe("lower", () => {
  test("equal parts are computed once, whatever object they are", () => {
    expect(count("exp(-x^2) + exp(-x^2) * exp(-x^2)", "exp")).toBe(1);
    expect(count("x * a + a * x", "mul")).toBe(1);
    expect(count("x - a + (a - x)", "sub")).toBe(2);
    expect(programOf("x^2", "x^2").outputs).toEqual([1, 1]);
  });

  test.each([
    [2, 1],
    [3, 2],
    [4, 2],
    [5, 3],
    [6, 3],
    [7, 4],
    [8, 3],
    [15, 6],
    [16, 4],
  ])("x^%i takes %i multiplications", (exponent, multiplications) => {
    expect(count(`x^${exponent}`, "mul")).toBe(multiplications);
    expect(count(`x^${exponent}`, "pow")).toBe(0);
    expect(count(`x^-${exponent}`, "div")).toBe(1);
  });

  test("powers: 0, 1, 1/2, their negatives, and those that stay", () => {
    expect(actions(programOf("x^1").instructions)).toEqual(["variable"]);
    expect(programOf("x^0").instructions.at(-1)).toEqual({ kind: "number", value: 1 });
    expect(actions(programOf("x^0.5").instructions)).toEqual(["variable", "sqrt"]);
    expect(count("x^-0.5", "sqrt") + count("x^-0.5", "div")).toBe(2);
    for (const stays of ["x^17", "x^-17", "x^1.5", "2^x", "x^a"]) expect(count(stays, "pow")).toBe(1);
  });

  test("conditions and numbers are converted where they meet, and only there", () => {
    expect(actions(programOf("x < 1").instructions)).toEqual(["variable", "number", "lt", "indicate"]);
    expect(actions(programOf("x ? 1 : 2").instructions)).toEqual(["variable", "holds", "number", "number", "select"]);
    expect(count("x < 1 and x > 0 ? 1 : 2", "holds")).toBe(0);
    expect(count("x < 1 and x > 0 ? 1 : 2", "indicate")).toBe(0);
    expect(count("(x < 1) + (x < 1)", "indicate")).toBe(1);
    expect(count("not x", "holds")).toBe(1);
  });

  test("an output is an indicator where a condition is its root", () => {
    expect(programOf("x < 1", "x", "not x", "(x < 1) * 1", "x ? 1 : 0").indicators).toEqual([
      ...[true, false, true, false, false],
    ]);
  });

  test("parameters are sorted, variables counted, functions listed", () => {
    const program = programOf("c + a * exp(x) - b", "log(x) + x^2 + sqrt(x) + x^2.5");
    expect(program.parameters).toEqual(["a", "b", "c"]);
    expect(program.variables).toBe(1);
    expect(programOf("a").variables).toBe(0);
    expect(lower([variable(4)]).variables).toBe(5);
    expect([...program.functions].sort()).toEqual(["exp", "log", "pow", "sqrt"]);
    expect(programOf("x + 1").functions.size).toBe(0);
  });

  test("what costs more has more cost", () => {
    expect(programOf("x + 1").cost).toBe(1);
    expect(programOf("exp(x)").cost).toBeGreaterThan(programOf("x * x + x").cost);
    expect(programOf("x^2.5").cost).toBeGreaterThan(programOf("x^2").cost);
  });

  test("programs too large are refused: each expression, and all together", () => {
    const sum = (terms: number, seed: number): Expr =>
      Array.from({ length: terms }, (_, k) => call("mul", variable(k % 3), number(seed + k / 1024))).reduce((a, b) =>
        call("add", a, b),
      );
    expect(() => lower([sum(120, 1)])).not.toThrow();
    expect(() => lower([sum(200, 1)])).toThrow(/at most 512 operations/);
    expect(() => lower(Array.from({ length: 10 }, (_, k) => sum(120, k + 1)))).toThrow(/at most 2048 instructions/);
    const sines = (from: number) =>
      Array.from({ length: 40 }, (_, k) => call("sin", number(from + k))).reduce((a, b) => call("add", a, b));
    expect(() => lower([sines(1)])).not.toThrow();
    expect(() => lower([sines(1), sines(1)])).not.toThrow();
    expect(() => lower([1, 2, 3, 4, 5, 6].map((k) => sines(100 * k)))).not.toThrow();
    expect(() => lower([1, 2, 3, 4, 5, 6, 7].map((k) => sines(100 * k)))).toThrow(/at most 256 calls/);
  });

  test("a deep chain of a traced function is refused, not overflowed", () => {
    let expr: Expr = variable(0);
    for (let k = 0; k < 100_000; k++) expr = call("add", expr, number(1));
    expect(() => lower([expr])).toThrow(/at most 512/);
  });

  test("numbers that f32 cannot hold are refused", () => {
    for (const value of [1e39, 1e-39, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => lower([number(value)])).toThrow(/f32 can hold/);
    }
  });
});

describe("signature", () => {
  test("is equal for the same program and different for any other", () => {
    const texts = [
      "x",
      "x + 1",
      "1 + x",
      "x - 1",
      "x + a",
      "x + b",
      "x * 1",
      "x + -1",
      "x < 1",
      "(x < 1) * 1",
      "0",
      "-0",
      "x + 1.0000000000000002",
    ];
    const signatures = texts.map((text) => signature(programOf(text)));
    expect(new Set(signatures).size).toBe(texts.length);
    expect(texts.map((text) => signature(programOf(text)))).toEqual(signatures);
    expect(signature(programOf("x", "a"))).not.toBe(signature(programOf("a", "x")));
    expect(signature(programOf("exp(x) + exp(x)"))).toBe(signature(lower([shared()])));
  });

  const shared = () => {
    const exp = call("exp", variable(0));
    return call("add", exp, exp);
  };
});

// Written against the text of the code, not the emitter: what it must not hold is looked for line by line.
function faults(code: string): string[] {
  const atom =
    "-?(?:(?:[xv]|p\\.p)[0-9]+|[0-9][0-9.]*(?:e[+-]?[0-9]+)?f|math_opaque\\((?:[xv]|p\\.p)[0-9]+, zero\\)|bitcast<f32>\\(zero\\))";
  const guarded = new RegExp(
    `math_opaque\\((?:${atom} [-+*/] ${atom}|-${atom}|f_[A-Za-z0-9]+\\(${atom}(?:, ${atom})?, zero\\)|(?:floor|ceil)\\(${atom}\\)), zero\\)`,
    "g",
  );
  const found: string[] = [];
  for (const line of code.split("\n").filter((text) => /^ {2}(?:let|return)/.test(text))) {
    const rest = line.replace(guarded, "G");
    if (/ [-+*/] /.test(rest)) found.push(`unguarded arithmetic: ${line}`);
    if (/f_(?!Out)|floor|ceil/.test(rest)) found.push(`unguarded function: ${line}`);
    if (/[^a-z_](?:min|max|round|sign|step|clamp|mix|fma|sqrt|exp|log|sin|cos|pow|tanh)\(/.test(line))
      found.push(`built-in: ${line}`);
    if (/&&|\|\||if|\?/.test(line)) found.push(`branch: ${line}`);
    if (/[^0-9.]0f|-0f/.test(line)) found.push(`visible zero: ${line}`);
    if (/!=/.test(line.replace(/\) \^ zero\) != 0u/g, ""))) found.push(`NaN compared: ${line}`);
    if (/let v[0-9]+ = (?!G)[^=;]*\/ /.test(rest)) found.push(`division: ${line}`);
  }
  return found;
}

describe("emitProgram", () => {
  const emit = (...texts: string[]) => emitProgram(programOf(...texts), "f").code;

  test("the code of a formula", () => {
    expect(emit("exp(-x^2) * a", "x < 0.1")).toBe(`struct f_Out { y0: f32, y1: f32 }
struct f_In { p0: f32 }

fn f(x0: f32, p: f_In, zero: u32) -> f_Out {
  let v1 = math_opaque(x0 * x0, zero);
  let v2 = math_opaque(-v1, zero);
  let v3 = math_opaque(f_exp(v2, zero), zero);
  let v5 = math_opaque(v3 * p.p0, zero);
  let v6 = 0.10000000149011612f;
  let v7 = x0 < v6;
  let v8 = select(bitcast<f32>(zero), 1f, v7);
  return f_Out(v5, v8);
}
`);
  });

  test("no product, sum, quotient or function's result is read but through math_opaque, in 2,000 random programs", () => {
    const random = randomSource(21);
    const kind = {
      operations: [...BASIC_OPERATIONS, ...ELEMENTARY_OPERATIONS],
      numbers: NUMBERS,
      variables: 3,
      parameters: ["a", "b"],
    };
    for (let k = 0; k < 2000; k++) {
      const program = lowerUnchecked([randomExpression(random, k % 40, kind)]);
      expect(faults(emitProgram(program, "f").code)).toEqual([]);
    }
  });

  test.each([
    "  let v1 = x0 * x0;",
    "  let v1 = math_opaque(x0 * x0 + x0, zero);",
    "  let v1 = math_opaque(x0, zero) * x0;",
    "  let v1 = f_exp(x0, zero);",
    "  let v1 = max(x0, x1);",
    "  let v1 = v0 && v2;",
    "  let v1 = x0 != x0;",
    "  let v1 = select(0f, 1f, v0);",
    "  return f_Out(v1 + v2);",
  ])("the check finds %j", (line) => {
    expect(faults(line)).not.toEqual([]);
  });

  test("literals are the nearest f32 to the bit", () => {
    const random = randomSource(2);
    const words = new Uint32Array(1);
    const floats = new Float32Array(words.buffer);
    for (let k = 0; k < 2000; k++) {
      words[0] = Math.floor(random() * 2 ** 32);
      const value = floats[0] ?? 0;
      if (!(Math.abs(value) >= 2 ** -126 && Math.abs(value) < Number.POSITIVE_INFINITY)) continue;
      const written = /let v0 = (\S+)f;/.exec(emitProgram(lower([number(value)]), "f").code)?.[1];
      expect(Math.fround(Number(written))).toBe(value);
    }
  });

  test("division by a number: an exact reciprocal is multiplied by, any other divisor is hidden", () => {
    expect(emit("x / 4")).toMatch(/math_opaque\(x0 \* 0\.25f, zero\)/);
    expect(emit("x / -0.5")).toMatch(/math_opaque\(x0 \* -2f, zero\)/);
    expect(emit("x / 3")).toMatch(/math_opaque\(x0 \/ math_opaque\(v1, zero\), zero\)/);
    expect(emit("x / 1.7014118346046923e38")).toMatch(/ \/ /);
  });

  test("types are what WGSL takes: conditions are bool, all else f32", () => {
    const program = programOf("(x < 1 and not x) + (x ? a : b)");
    expect(program.instructions.filter((made) => isBool(made)).length).toBe(4);
  });

  test("nothing of the names of parameters is in the code", () => {
    const expr = call("add", parameter("secret"), parameter("main"));
    expect(emitProgram(lower([expr]), "f").code).not.toMatch(/secret|main/);
  });
});
