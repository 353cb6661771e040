import { describe, expect, test } from "vitest";
import { double } from "../../../src/arithmetic/double.ts";
import { single } from "../../../src/arithmetic/single.ts";
import { InputError } from "../../../src/core/errors.ts";
import { evaluator } from "../../../src/expression/evaluate.ts";
import { formula } from "../../../src/expression/index.ts";
import { parseFormula } from "../../../src/expression/parse.ts";
import { lower, lowerUnchecked } from "../../../src/expression/program.ts";
import { errorInUlp } from "../../support/arithmetic/ulp.ts";
import { randomSource } from "../../support/data.ts";
import { BASIC_OPERATIONS, NUMBERS, randomExpression } from "../../support/expression/random-expressions.ts";

const value = (text: string, x = 0) => formula(text).evaluate(x);

describe("values in f64", () => {
  test.each<[string, number, number]>([
    ["1 + 2 * 3", 0, 7],
    ["2^3^2", 0, 512],
    ["-2^2", 0, -4],
    ["x^16", 2, 65536],
    ["x^-3", 2, 0.125],
    ["x^0", Number.NaN, 1],
    ["x^0.5", 9, 3],
    ["x^-0.5", 4, 0.5],
    ["x < 1", 0, 1],
    ["x < 1", 1, 0],
    ["x < 1", Number.NaN, 0],
    ["x != x", Number.NaN, 1],
    ["x == x", Number.NaN, 0],
    ["not (x < 1)", Number.NaN, 1],
    ["not x", Number.NaN, 0],
    ["x and 1", 2, 1],
    ["x or 0", 0, 0],
    ["x > 0 and x < 2", 1, 1],
    ["x ? 3 : 4", 0, 4],
    ["x ? 3 : 4", -0, 4],
    ["x ? 3 : 4", Number.NaN, 3],
    ["min(x, 1, -2)", 5, -2],
    ["max(x, 1)", Number.NaN, Number.NaN],
    ["max(1, x)", Number.NaN, Number.NaN],
    ["min(x, x + 1)", Number.NaN, Number.NaN],
    ["relu(x)", -3, 0],
    ["sign(x)", -3, -1],
    ["sign(x)", -0, -0],
    ["floor(x)", -1.5, -2],
    ["ceil(x)", 1.5, 2],
    ["trunc(x)", -1.5, -1],
    ["trunc(x)", 1.5, 1],
    ["clamp(x, 0, 1)", 7, 1],
    ["hypot(x, 4)", 3, 5],
    ["square(x)", -3, 9],
    ["abs(x)", -3, 3],
  ])("%s at %d is %d", (text, x, want) => {
    expect(value(text, x)).toBe(want);
  });

  test.each([
    ...[
      [-2.5, -2],
      [-1.5, -2],
      [-0.5, 0],
      [-0.49999999999999994, 0],
      [0.49999999999999994, 0],
      [0.5, 0],
      [1.5, 2],
      [2.5, 2],
    ],
    ...[
      [2.6, 3],
      [2.4, 2],
      [-2.6, -3],
      [4503599627370497, 4503599627370497],
      [1e20, 1e20],
    ],
  ])("round(%d) is %d: halves go to the even number", (x = 0, want = 0) => {
    expect(Math.abs(value("round(x)", x) - want)).toBe(0);
  });

  test.each<[string, (x: number) => number]>([
    ["sigmoid(x)", (x) => 1 / (1 + Math.exp(-x))],
    ["softplus(x)", (x) => Math.log1p(Math.exp(x))],
    ["tan(x)", Math.tan],
    ["sinh(x)", Math.sinh],
    ["cosh(x)", Math.cosh],
    ["tanh(x)", Math.tanh],
    ["sinTurns(x)", (x) => Math.sin(2 * Math.PI * x)],
    ["cosTurns(x)", (x) => Math.cos(2 * Math.PI * x)],
    ["exp2(x)", (x) => 2 ** x],
    ["log2(x + 10)", (x) => Math.log2(x + 10)],
    ["log10(x + 10)", (x) => Math.log10(x + 10)],
    ["e^x", Math.exp],
    ["normalDensity(x)", (x) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)],
    ["normalCdf(x) + normalCdf(-x)", () => 1],
    ["normalQuantile(normalCdf(x))", (x) => x],
    ["erf(x) + erfc(x)", () => 1],
    ["atan(x)", Math.atan],
    ["asin(x / 4)", (x) => Math.asin(x / 4)],
    ["acos(x / 4)", (x) => Math.acos(x / 4)],
    ["asin(x) + acos(x)", (x) => (Math.abs(x) <= 1 ? Math.PI / 2 : NaN)],
    ["lgamma(x + 5) - lgamma(x + 4)", (x) => Math.log(x + 4)],
    ["digamma(x + 5) - digamma(x + 4)", (x) => 1 / (x + 4)],
    ["trigamma(x + 4) - trigamma(x + 5)", (x) => (x + 4) ** -2],
  ])("%s is what mathematics says", (text, truth) => {
    for (const x of [-3.25, -1, -0.3, 0.01, 0.7, 1.5, 4]) {
      const [got, want] = [value(text, x), truth(x)];
      if (Number.isNaN(want)) expect(got).toBeNaN();
      else expect(Math.abs(got - want)).toBeLessThan(1e-12 * Math.max(1, Math.abs(want)));
    }
  });

  test("atan2 is the angle in all quadrants, on the axes, and 0 at the origin", () => {
    const angle = formula("atan2(x[0], x[1])", { dimension: 2 });
    const sizes = [-1e300, -3, -1, -1e-300, 0, 1e-300, 1, 3, 1e300];
    for (const y of sizes) {
      for (const x of sizes) {
        expect(Math.abs(angle.evaluate([y, x]) - Math.atan2(y, x)), `${y}, ${x}`).toBeLessThan(1e-15);
      }
    }
    const ends = [
      [NaN, 1],
      [1, NaN],
      [Infinity, 0],
      [1, -Infinity],
    ].map((point) => angle.evaluate(point));
    expect(ends).toEqual([NaN, NaN, Math.PI / 2, Math.PI]);
  });

  test("arcs and log gamma have the values of their ends", () => {
    expect([-1, 1, 1.1].map((x) => value("asin(x)", x))).toEqual([-Math.PI / 2, Math.PI / 2, NaN]);
    expect([-1, 1, -1.1].map((x) => value("acos(x)", x))).toEqual([Math.PI, 0, NaN]);
    expect([0, 1, 2, -0.5].map((x) => value("lgamma(x)", x))).toEqual([Infinity, 0, 0, NaN]);
  });

  test("hyperbolic sine and softplus keep their digits where they are small", () => {
    expect(value("sinh(x)", 1e-9) / 1e-9).toBeCloseTo(1, 14);
    expect(value("softplus(x)", -50) / Math.exp(-50)).toBeCloseTo(1, 14);
    expect(value("softplus(x)", 800)).toBe(800);
    expect(value("sigmoid(x)", -800)).toBe(0);
  });
});

describe("evaluator", () => {
  test("in f32 each number, variable, parameter and result is rounded", () => {
    const program = lower([parseFormula("x * a + 0.1", { dimension: 0, where: "of", parameters: ["a"] })]);
    const x = Float64Array.of(1 / 3, 0.7);
    const [got] = evaluator(program, single)([x], [0.3], 2);
    const f = Math.fround;
    expect(got).toBeInstanceOf(Float32Array);
    expect(Array.from(got?.subarray(0, 2) ?? [])).toEqual([...x].map((v) => f(f(f(v) * f(0.3)) + f(0.1))));
    expect(evaluator(program, double)([x], [0.3], 2)[0]?.[0]).toBe((1 / 3) * 0.3 + 0.1);
  });

  // Under the root of asin are three roundings, which it halves, then its own and the quotient's: 3.5 halves of a ULP or more,
  // which atan passes on at most whole, adding 2 ULP. acos and atan2 have fewer.
  test.each<[string, (y: number, x: number) => number]>([
    ["asin(x[0])", Math.asin],
    ["acos(x[0])", Math.acos],
    ["atan2(x[0], x[1])", Math.atan2],
  ])("%s errs within 6 ULP in f32", (text, truth) => {
    const random = randomSource(8);
    const program = lower([parseFormula(text, { dimension: 2, where: "of" })]);
    const count = 50_000;
    const near1 = (): number => 1 - 2 ** (-25 * random());
    const points = [0, 1].map(() =>
      Float32Array.from({ length: count }, (_, i) =>
        i % 2 === 0 ? 2 * random() - 1 : near1() * Math.sign(random() - 0.5),
      ),
    );
    const [got = []] = evaluator(program, single)(points, [], count);
    const [y = [], x = []] = points;
    let worst = 0;
    for (let i = 0; i < count; i++) worst = Math.max(worst, errorInUlp(got[i] ?? 0, truth(y[i] ?? 0, x[i] ?? 0)));
    expect(worst).toBeLessThan(6);
    expect(worst).toBeGreaterThan(0.5);
  });

  test("a block gives what its points give alone, whatever the blocks before it", () => {
    const random = randomSource(5);
    const kind = { operations: BASIC_OPERATIONS, numbers: NUMBERS, variables: 2, parameters: ["a"] };
    for (let k = 0; k < 200; k++) {
      const exprs = [randomExpression(random, k % 30, kind), randomExpression(random, 10, kind)];
      const program = lowerUnchecked(exprs);
      const block = evaluator(program, single);
      const points = [0, 1].map(() => Float32Array.from({ length: 20 }, () => 10 * random() - 5));
      const parameters = program.parameters.map(() => 1.5);
      block([new Float32Array(7), new Float32Array(7)], parameters, 7);
      const many = block(points, parameters, 20).map((output) => output.slice(0, 20));
      for (let i = 0; i < 20; i++) {
        const alone = evaluator(program, single)(
          points.map((x) => x.subarray(i, i + 1)),
          parameters,
          1,
        );
        expect(alone.map((output) => output[0])).toEqual(many.map((output) => output[i]));
      }
    }
  });

  test("outputs that are equal, numbers and variables are outputs like others", () => {
    const program = lower(
      ["x", "3", "x", "x + 3", "x < 3"].map((text) => parseFormula(text, { dimension: 0, where: "of" })),
    );
    const outputs = evaluator(program, double)([Float64Array.of(1, 5)], [], 2);
    expect(outputs.map((output) => Array.from(output))).toEqual([
      ...[
        [1, 5],
        [3, 3],
        [1, 5],
        [4, 8],
        [1, 0],
      ],
    ]);
  });

  test("counts may shrink and grow", () => {
    const run = evaluator(lower([parseFormula("x + 1", { dimension: 0, where: "of" })]), double);
    for (const count of [3, 1, 0, 5]) {
      const [got] = run([Float64Array.from({ length: count }, (_, k) => k)], [], count);
      expect(Array.from(got?.subarray(0, count) ?? [])).toEqual(Array.from({ length: count }, (_, k) => k + 1));
    }
  });
});

describe("formula", () => {
  test("evaluates, differentiates and prints", () => {
    const f = formula("exp(-a * x^2)", { parameters: ["a"] });
    expect(f.evaluate(2, { a: 0.5 })).toBeCloseTo(Math.exp(-2), 15);
    expect(f.derivative().evaluate(2, { a: 0.5 })).toBeCloseTo(-2 * Math.exp(-2), 15);
    expect(f.derivative("a").evaluate(2, { a: 0.5 })).toBeCloseTo(-4 * Math.exp(-2), 15);
    expect(`${f}`).toBe("exp(-a * x^2)");
    expect(f.derivative().derivative().evaluate(0, { a: 0.5 })).toBeCloseTo(-1, 15);
  });

  test("vectors and traced functions", () => {
    const f = formula("x[0] * x[1]^2", { dimension: 2 });
    expect(f.evaluate([3, 2])).toBe(12);
    expect(f.derivative(1).evaluate(Float32Array.of(3, 2))).toBe(12);
    expect(String(f.derivative(0))).toBe("x[1]^2");
    expect(formula((x) => x.mul(x).add(1)).evaluate(3)).toBe(10);
  });

  test.each<[string, () => unknown, RegExp]>([
    ["a parameter without a value", () => formula("a", { parameters: ["a"] }).evaluate(1), /number for parameter a/],
    [
      "a parameter that is inherited",
      () => formula("toString", { parameters: ["toString"] }).evaluate(1),
      /parameter toString/,
    ],
    ["too few coordinates", () => formula("x[0]", { dimension: 2 }).evaluate([1]), /2 coordinates, got 1/],
    ["a dimension below 0", () => formula("x", { dimension: -1 }), /whole number/],
    ["a function that returns an array", () => formula((x) => [x, x]), /one value, got an array/],
  ])("refuses %s", (_, f, message) => {
    expect(f).toThrow(message);
    expect(f).toThrow(InputError);
  });
});
