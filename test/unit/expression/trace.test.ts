import { describe, expect, test } from "vitest";
import { InputError } from "../../../src/core/errors.ts";
import type { Expr } from "../../../src/expression/expr.ts";
import { FUNCTIONS } from "../../../src/expression/functions.ts";
import { parseFormula } from "../../../src/expression/parse.ts";
import { parameter, type TracedFunction, traceFormula } from "../../../src/expression/trace.ts";
import { Traced } from "../../../src/expression/traced.ts";

const scalar = { dimension: 0, where: "of" };
const vector = { dimension: 2, where: "of" };
const parse = (text: string, dimension = 0) => parseFormula(text, { dimension, where: "of", parameters: ["a"] });
const trace = (f: (x: Traced) => unknown) => traceFormula(f as TracedFunction, scalar);

describe("a traced function is the formula that it computes", () => {
  test.each<[string, (x: Traced) => Traced | number]>([
    ["x * x", (x) => x.mul(x)],
    ["x + 1", (x) => x.add(1)],
    ["x - 1", (x) => x.sub(1)],
    ["x / 2", (x) => x.div(2)],
    ["-x", (x) => x.neg()],
    ["x^3", (x) => x.pow(3)],
    ["exp(-x^2)", (x) => x.square().neg().exp()],
    ["x < 1", (x) => x.lt(1)],
    ["x <= 1 and x >= 0", (x) => x.le(1).and(x.ge(0))],
    ["x > 1 or not (x == 0)", (x) => x.gt(1).or(x.eq(0).not())],
    ["x != 0 ? x : 2", (x) => x.ne(0).select(x, 2)],
    ["min(x, 1, 2)", (x) => x.min(1, 2)],
    ["max(x, 0)", (x) => x.max(0)],
    ["clamp(x, -1, 1)", (x) => x.clamp(-1, 1)],
    ["hypot(x, 2)", (x) => x.hypot(2)],
    ["atan2(x, a)", (x) => x.atan2(parameter("a"))],
    ["3", () => 3],
    ["x * a", (x) => x.mul(parameter("a"))],
    ["a - x", (x) => parameter("a").sub(x)],
  ])("%s", (text, f) => {
    expect(traceFormula(f, scalar)).toEqual(parse(text));
  });

  test("every function of one argument is a method", () => {
    for (const [name, known] of FUNCTIONS) {
      if (known.most !== 1) continue;
      const f = (x: Traced) => (x as unknown as Record<string, () => Traced>)[name]?.() ?? x;
      expect(traceFormula(f, scalar), name).toEqual(parse(`${name}(x)`));
    }
  });

  test("a vector's function gets its coordinates, and an array is several expressions", () => {
    expect(traceFormula(([x0, x1]: readonly Traced[]) => (x0 && x1 ? x0.mul(x1) : 0), vector)).toEqual(
      parse("x[0] * x[1]", 2),
    );
    expect(traceFormula((x: readonly Traced[]) => x.map((v) => v.mul(v)), vector)).toEqual([
      parse("x[0] * x[0]", 2),
      parse("x[1] * x[1]", 2),
    ]);
    expect(traceFormula((x: Traced) => [x, 1], scalar)).toEqual([parse("x"), parse("1")]);
  });

  test("loops unroll", () => {
    const horner = (x: Traced) => [1, 2, 3, 4].reduce((sum: Traced, c) => sum.mul(x).add(c), x);
    expect(traceFormula(horner, scalar)).toEqual(parse("(((x * x + 1) * x + 2) * x + 3) * x + 4"));
  });
});

describe("refusals", () => {
  test.each<[string, (x: Traced) => unknown, RegExp]>([
    ["x * x", (x) => (x as unknown as number) * (x as unknown as number), /write x\.mul\(x\) for x \* x/],
    ["x + 1", (x) => (x as unknown as number) + 1, /JavaScript's operators/],
    ["-x", (x) => -(x as unknown as number), /JavaScript's operators/],
    ["x < 0 ? 0 : x", (x) => ((x as unknown as number) < 0 ? 0 : x), /x\.lt\(0\)\.select\(a, b\)/],
    ["x >= 1", (x) => ((x as unknown as number) >= 1 ? 1 : x), /JavaScript's operators/],
    ["Math.exp(x)", (x) => Math.exp(x as unknown as number), /x\.exp\(\) for Math\.exp\(x\)/],
    ["a template", (x) => `${x}`, /JavaScript's operators/],
    ["isNaN(x)", (x) => Number.isNaN(Number(x)), /JavaScript's operators/],
    ["if (x.lt(0))", (x) => (x.lt(0) ? x.neg() : x), /a condition was made that is not part of the result/],
    ["x.lt(0) && x", (x) => x.lt(0) && x, /a condition was made/],
    ["nothing", () => undefined, /got undefined/],
    ["null", () => null, /got null/],
    ["text", () => "x", /got string/],
    ["a boolean", () => true, /got boolean/],
    ["an object", () => ({ y: 1 }), /got an object \(Object\)/],
    ["a promise", async (x) => x, /got an object \(Promise\); the function must not be async/],
    ["an empty array", () => [], /at least one value/],
    ["an array with a hole", (x) => [x, undefined], /of\[1\]: needed/],
    ["a nested array", (x) => [[x]], /of\[0\]: needed .* got an array/],
    ["NaN", () => Number.NaN, /f32 can hold/],
    ["1e300", (x) => x.mul(1e300), /f32 can hold/],
    ["text as an operand", (x) => x.mul("2" as unknown as number), /mul needed traced values or numbers, got string/],
    [
      "nothing as an operand",
      (x) => x.add(undefined as unknown as number),
      /add needed traced values or numbers, got undefined/,
    ],
    ["null as an operand", (x) => x.pow(null as unknown as number), /pow needed .* got null/],
    ["a boolean as an operand", (x) => x.pow(true as unknown as number), /got boolean/],
    ["min of one", (x) => (x.min as () => Traced)(), /min needed at least 2 values, got 1/],
  ])("%s", (_, f, message) => {
    expect(() => trace(f)).toThrow(InputError);
    expect(() => trace(f)).toThrow(message);
    expect(() => trace(f)).toThrow(/^of/);
  });

  test("too many operations", () => {
    const chain = (count: number) => (x: Traced) => {
      let y = x;
      for (let k = 0; k < count; k++) y = y.add(x);
      return y;
    };
    expect(() => traceFormula(chain(511), scalar)).not.toThrow();
    expect(() => traceFormula(chain(512), scalar)).toThrow(/at most 512/);
    expect(() => traceFormula(chain(200_000), scalar)).toThrow(/at most 512/);
  });

  test("repeated squaring is small, because values that are used twice count once", () => {
    const f = (x: Traced) => Array.from({ length: 200 }).reduce((y: Traced) => y.mul(y), x);
    expect(() => traceFormula(f, scalar)).not.toThrow();
  });

  test("more than 16 variables", () => {
    const sum = (x: readonly Traced[]) => x.reduce((a, b) => a.add(b));
    expect(() => traceFormula(sum, { dimension: 16, where: "of" })).not.toThrow();
    expect(() => traceFormula(sum, { dimension: 17, where: "of" })).toThrow(/x\[0\] to x\[15\]/);
    expect(() => traceFormula((x: readonly Traced[]) => x[3] ?? 0, { dimension: 1111, where: "of" })).not.toThrow();
  });

  test("what is no function", () => {
    for (const value of ["x", 1, null, undefined, {}]) {
      expect(() => traceFormula(value as unknown as TracedFunction, scalar)).toThrow(InputError);
    }
  });

  test("names of parameters", () => {
    for (const name of ["x", "exp", "1a", "", "a b"]) expect(() => parameter(name)).toThrow(InputError);
  });

  test("the function's own error passes through", () => {
    const mine = new RangeError("mine");
    expect(() =>
      trace(() => {
        throw mine;
      }),
    ).toThrow(mine);
    expect(trace((x) => x)).toEqual({ kind: "variable", index: 0 } satisfies Expr);
  });

  test("a traced value outside a function still refuses operators", () => {
    expect(() => Number(new Traced({ kind: "variable", index: 0 }))).toThrow(/traced value: /);
  });
});
