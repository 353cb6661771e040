import { describe, expect, test } from "vitest";
import { double } from "../../../src/arithmetic/double.ts";
import { differentiate } from "../../../src/expression/differentiate.ts";
import { evaluator } from "../../../src/expression/evaluate.ts";
import { type Expr, parameter, variable } from "../../../src/expression/expr.ts";
import { parseFormula } from "../../../src/expression/parse.ts";
import { printFormula } from "../../../src/expression/print.ts";
import { lowerUnchecked } from "../../../src/expression/program.ts";
import { randomSource } from "../../support/data.ts";
import { type ExpressionKind, randomExpression } from "../../support/expression/random-expressions.ts";

const context = { dimension: 0, where: "of", parameters: ["a"] };
const parse = (text: string) => parseFormula(text, context);
const derivative = (text: string, by: Expr = variable(0)) => printFormula(differentiate(parse(text), by));

function valuesOf(exprs: readonly Expr[], x: readonly number[], a = 0.7): readonly (readonly number[])[] {
  const program = lowerUnchecked(exprs);
  const outputs = evaluator(program, double)(
    [Float64Array.from(x)],
    program.parameters.map(() => a),
    x.length,
  );
  return outputs.map((output) => Array.from(output.subarray(0, x.length)));
}

describe("derivatives are simplified", () => {
  test.each([
    ["3", "0"],
    ["x", "1"],
    ["a", "0"],
    ["x + 3", "1"],
    ["3 - x", "-1"],
    ["5 * x", "5"],
    ["x * x", "x + x"],
    ["x^2", "2 * x"],
    ["x^3", "3 * x^2"],
    ["a * x^2", "a * (2 * x)"],
    ["-x", "-1"],
    ["x / 2", "1 / 2"],
    ["exp(x)", "exp(x)"],
    ["exp(2 * x)", "2 * exp(2 * x)"],
    ["log(x)", "1 / x"],
    ["sin(x)", "cos(x)"],
    ["cos(x)", "-sin(x)"],
    ["sqrt(x)", "0.5 / sqrt(x)"],
    ["floor(x) + ceil(x) + sign(x)", "0"],
    ["(x < 1) + (x == 2) + (x < 1 and not x)", "0"],
    ["x < 1 ? 2 : 3", "0"],
    ["x < 1 ? x : 3", "x < 1 ? 1 : 0"],
    ["abs(x)", "sign(x)"],
    ["relu(x)", "0 >= x ? 0 : 1"],
    ["atan(x)", "1 / (1 + x^2)"],
    ["lgamma(x)", "digamma(x)"],
    ["digamma(2 * x)", "2 * trigamma(2 * x)"],
    ["trigamma(a)", "0"],
    ["x^1", "1"],
    ["exp(a)", "0"],
    ["x^a", "a * x^(a - 1)"],
    ["2^x", "0.6931471805599453 * 2^x"],
  ])("(%s)' = %s", (text = "", want = "") => {
    expect(derivative(text)).toBe(want);
  });

  test("by a parameter", () => {
    expect(derivative("a * x^2", parameter("a"))).toBe("x^2");
    expect(derivative("x^a", parameter("a"))).toBe("x^a * log(x)");
  });
});

// Central differences err by h^2 f''' / 6 and by rounding, 1e-16 |f| / h: with h = 1e-5 both stay below 1e-8 for these functions.
function expectDerivative(expr: Expr, points: readonly number[], label: string): void {
  const h = 1e-5;
  const around = points.flatMap((x) => [x - h, x + h]);
  const [f = []] = valuesOf([expr], around);
  const [slope = []] = valuesOf([differentiate(expr, variable(0))], points);
  points.forEach((x, k) => {
    const below = f[2 * k] ?? 0;
    const above = f[2 * k + 1] ?? 0;
    const want = (above - below) / (2 * h);
    const got = slope[k] ?? Number.NaN;
    expect(Math.abs(got - want), `${label} at ${x}: ${got} instead of ${want}`).toBeLessThan(
      1e-6 * Math.max(1, Math.abs(want)),
    );
  });
}

describe("derivatives agree with central differences", () => {
  test.each([
    ...[
      "sqrt(x)",
      "exp(x)",
      "expm1(x)",
      "log(x)",
      "log1p(x)",
      "sin(x)",
      "cos(x)",
      "sinTurns(x)",
      "cosTurns(x)",
      "tanh(x)",
    ],
    ...["x^2.5", "x^a", "a^x", "x^x", "x^-3", "x^7", "2^x", "erf(x)", "erfc(x)", "normalQuantile(x)", "abs(x - 0.4)"],
    ...[
      "min(x, 0.5)",
      "max(x, 0.5)",
      "min(0.5, x)",
      "max(x^2, x)",
      "x < 0.5 ? x^2 : x^3",
      "floor(x) * x",
      "sign(x - 0.4) * x",
    ],
    ...[
      "sigmoid(x)",
      "softplus(x)",
      "tan(x)",
      "sinh(x)",
      "cosh(x)",
      "log2(x)",
      "log10(x)",
      "normalCdf(x)",
      "normalDensity(x)",
    ],
    ...[
      "hypot(x, 2)",
      "clamp(x, 0.3, 0.6)",
      "relu(x - 0.4)",
      "exp(-x^2 / 2) / (1 + x)",
      "sin(exp(x) * log(x))",
      "x / (x + a)",
    ],
    ...["(x + 1) * (x - 2) / (x^2 + 1)", "log(x + sqrt(x^2 + 1))", "erf(x)^2 - exp(erfc(x))"],
    ...["atan(3 * x)", "asin(x)", "acos(x)", "atan2(x, 0.5)", "atan2(-0.5, x)", "atan2(x - 0.5, -x)"],
    ...["lgamma(x + 0.3)", "lgamma(3 * x)", "digamma(x + 0.3)", "exp(lgamma(x + a))"],
  ])("%s", (text) => {
    expectDerivative(parse(text), [0.07, 0.21, 0.33, 0.55, 0.77, 0.93], text);
  });

  test("of 300 random smooth expressions", () => {
    const random = randomSource(17);
    const smooth = ["sin", "cos", "tanh", "erf", "erfc", "neg"] as const;
    const operations: ExpressionKind["operations"] = [
      ["add", 2],
      ["sub", 2],
      ["mul", 2],
      ...smooth.map((name) => [name, 1] as const),
    ];
    const kind = { operations, numbers: [0.5, 1, 2, -1], variables: 1, parameters: ["a"] };
    for (let k = 0; k < 300; k++) {
      const expr = randomExpression(random, k % 15, kind);
      const points = [-0.9, -0.2, 0.4, 1.1];
      // Nested products grow large, and their third derivatives with them.
      const [f = []] = valuesOf([expr], points);
      if (f.some((y) => Math.abs(y) > 3)) continue;
      expectDerivative(expr, points, printFormula(expr));
    }
  });

  test("atan2 has finite derivatives on the axes, in both of its arguments", () => {
    for (const [text, want] of [
      ["atan2(x, 0)", 0],
      ["atan2(0, x)", 0],
      ["atan2(2, x - 1)", -0.5],
      ["atan2(x - 1, 2)", 0.5],
      ["atan2(x - 1, -2)", -0.5],
    ] as const) {
      const [slope = []] = valuesOf([differentiate(parse(text), variable(0))], [1]);
      expect(slope[0], text).toBeCloseTo(want, 15);
    }
  });

  test("of trigamma there is none", () => {
    expect(() => derivative("x * trigamma(x)")).toThrow(/derivative: needed .* got trigamma of what varies/);
    expect(derivative("x * trigamma(3)")).toBe("trigamma(3)");
  });

  test("the second derivative of a density", () => {
    expectDerivative(differentiate(parse("normalDensity(x)"), variable(0)), [-2, 0.5, 1], "normalDensity''");
  });

  test("shared parts stay shared: a tower of 40 squares has a derivative of a few hundred instructions", () => {
    let expr: Expr = variable(0);
    for (let k = 0; k < 40; k++)
      expr = { kind: "call", operation: "sin", args: [{ kind: "call", operation: "mul", args: [expr, expr] }] };
    expect(lowerUnchecked([differentiate(expr, variable(0))]).instructions.length).toBeLessThan(400);
  });
});
