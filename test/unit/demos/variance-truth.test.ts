import { describe, expect, test } from "vitest";
import { presets, type Question } from "../../../demos/variance/model.ts";
import { integrate } from "../../../demos/variance/quadrature.ts";
import { evaluator64 } from "../../../demos/variance/source.ts";
import { truthOf } from "../../../demos/variance/truth.ts";

const ask = (formula: string, family: Question["family"], a: number, b: number) =>
  truthOf({ formula, family, a, b }, evaluator64(formula));

describe("quadrature", () => {
  test("integrates a polynomial exactly", () => {
    const found = integrate((xs) => xs.map((x) => x ** 7), 0, 2);
    expect(found.value).toBeCloseTo(32, 12);
  });

  test("finds a jump", () => {
    const found = integrate((xs) => xs.map((x) => (x < Math.SQRT1_2 ? 1 : 0)), 0, 1);
    expect(Math.abs(found.value - Math.SQRT1_2)).toBeLessThan(1e-12);
  });
});

describe("the truth", () => {
  test("of each preset is what is known of it", () => {
    const means = presets.map((preset) => truthOf(preset, evaluator64(preset.formula))?.mean);
    const known = [Math.PI, 1, 0.0013498980316300946, Math.exp(0.5), 15, 2, Math.SQRT2];
    for (const [i, mean] of means.entries()) expect(mean).toBeCloseTo(known[i] ?? Number.NaN, 12);
  });

  test("comes from quadrature where no closed form is at hand, and says so", () => {
    const truth = ask("cos(x)", "normal", 0, 1);
    expect(truth?.mean).toBeCloseTo(Math.exp(-0.5), 12);
    expect(truth?.source).toBe("f64 quadrature");
    expect(truth?.error).toBeLessThan(1e-12);
  });

  test.each([
    ["x^2", "laplace", 1, 2, 9],
    ["exp(x/2)", "exponential", 2, 0, 4 / 3],
    ["log(x)", "logNormal", 0.3, 0.5, 0.3],
    ["x^2", "uniform", -1, 3, 7 / 3],
  ] as const)("of %s under %s(%d, %d) is %d", (formula, family, a, b, mean) => {
    expect(ask(formula, family, a, b)?.mean).toBeCloseTo(mean, 11);
  });

  test("has the deviation of one sample", () => {
    expect(ask("x^2", "normal", 0, 1)?.deviation).toBeCloseTo(Math.SQRT2, 10);
    expect(ask("x^6", "normal", 0, 1)?.deviation).toBeCloseTo(Math.sqrt(10170), 8);
    expect(ask("x^2*(x-1)", "normal", 1, 1)?.deviation).toBeCloseTo(Math.sqrt(30), 10);
  });

  test("is known where it is 0", () => {
    expect(ask("x", "normal", 0, 1)).toMatchObject({ mean: 0, source: "μ" });
    expect(ask("x", "normal", 0, 1)?.deviation).toBeCloseTo(1, 12);
    expect(ask("sin(x)", "normal", 0, 1)?.mean).toBeCloseTo(0, 14);
  });

  test("has no deviation where the variance is infinite", () => {
    const truth = ask("exp(x^2/4)", "normal", 0, 1);
    expect(truth?.mean).toBeCloseTo(Math.SQRT2, 12);
    expect(truth?.deviation).toBeUndefined();
  });

  test("is unknown where the mean does not exist, or the dimension is too high", () => {
    expect(ask("exp(x^2)", "normal", 0, 1)).toBeUndefined();
    expect(ask("x[0]*x[1]", "normal", 0, 1)).toBeUndefined();
  });
});
