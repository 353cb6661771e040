import { describe, expect, test } from "vitest";
import { double } from "../../../src/arithmetic/double.ts";
import { single } from "../../../src/arithmetic/single.ts";
import { eventIntegrand } from "../../../src/distributions/event.ts";
import { type Distribution, dirichlet, type ScalarDistribution } from "../../../src/distributions/index.ts";
import { evaluator } from "../../../src/expression/evaluate.ts";
import { lowerUnchecked } from "../../../src/expression/program.ts";
import { drawer } from "../../../src/sampling/draws.ts";
import { numberFamilies, title } from "../../support/distributions/families.ts";
import { exhaustive } from "../../support/exhaustive.ts";

/** The log-density's formula at points, in f64 or f32. */
function logDensityOf({ model }: Distribution, precision: "f32" | "f64"): (x: readonly number[]) => number {
  const program = lowerUnchecked([model.logDensity], "test");
  const run = evaluator(program, precision === "f32" ? single : double);
  const rounded = (value: number) => (precision === "f32" ? Math.fround(value) : value);
  const parameters = program.parameters.map((name) => {
    const value = model.parameters[name] ?? Number.NaN;
    expect(Number.isFinite(Math.fround(value)), `parameter ${name} is ${value}`).toBe(true);
    return rounded(value);
  });
  return (x) => {
    const point = x.map((value) => (precision === "f32" ? Float32Array.of(value) : Float64Array.of(value)));
    return run(point, parameters, 1)[0]?.[0] ?? Number.NaN;
  };
}

const LEVELS = [1e-12, 1e-6, 0.01, 0.2, 0.5, 0.8, 0.99, 1 - 1e-6];

const described = numberFamilies
  .flatMap(({ sampled, examples }) => [...sampled, ...examples])
  .map((of) => [title(of), of] as const);

const COUNT = exhaustive ? 65_536 : 16_384;

describe.each(described)("%s", (_, of) => {
  const [support] = of.support;
  // As f32, which is what samples are, and where there is a density: f32 may not tell a quantile from an end.
  const points = LEVELS.map((p) => Math.fround(of.icdf(p))).filter(
    (x) => Math.abs(x) > 2 ** -126 && Number.isFinite(of.logProb(x)),
  );

  test("the density's formula is logProb", () => {
    const logDensity = logDensityOf(of, "f64");
    // Polynomials and fractions of saddle-point.ts are within 1e-7 of what they stand for, relative to deviances of up to 40.
    for (const x of points) {
      expect(Math.abs(logDensity([x]) - of.logProb(x)), `x = ${x}`).toBeLessThan(4e-6);
    }
  });

  test("in f32, the density's formula is near f64's", () => {
    const [exact, rounded] = [logDensityOf(of, "f64"), logDensityOf(of, "f32")];
    // As f32 a parameter moves by 6e-8 of its size: a location by that many standard deviations times the density's slope there, up to 7.
    const isShifted = Number.isFinite(of.variance) && !["studentT", "gamma", "beta"].includes(of.name);
    const moved = isShifted ? shiftOf(of) : 0;
    for (const x of points) {
      const want = exact([x]);
      expect(Math.abs(rounded([x]) - want), `x = ${x}`).toBeLessThan(2e-5 + 1e-6 * Math.abs(want) + moved);
    }
  });

  test("its density's formula is finite at the ends of its support", () => {
    const rounded = logDensityOf(of, "f32");
    for (const end of [support?.low ?? 0, support?.high ?? 0]) {
      // What is drawn by inversion may have the logarithm of 0 there, as the density itself has.
      if (of.model.variates.length === 1 && !Number.isFinite(of.logProb(end))) continue;
      if (Number.isFinite(end)) expect(Number.isFinite(rounded([end])), `at ${end}`).toBe(true);
    }
  });

  test("samples in f64 have its moments", () => {
    if (!Number.isFinite(of.variance)) return;
    const draw = drawer(eventIntegrand(of, "test"), "f64", COUNT);
    const address = { generator: "threefry4x32-20", seed: [7, 0], stream: 3 } as const;
    const [xs = []] = draw(address, 0, COUNT).outputs;
    let [mean, square, fourth] = [0, 0, 0];
    for (const x of xs) {
      const d = x - of.mean;
      mean += d / xs.length;
      square += d ** 2 / xs.length;
      fourth += d ** 4 / xs.length;
    }
    expect(Math.abs(mean)).toBeLessThanOrEqual(5 * Math.sqrt(of.variance / xs.length));
    // A variance that is not a sample's own would not be found by heavy tails.
    if (of.name === "studentT" && of.variance !== 1) return;
    expect(Math.abs(square - of.variance)).toBeLessThanOrEqual(
      5 * Math.sqrt((fourth - square ** 2) / xs.length) + 1e-6 * of.variance,
    );
  });
});

/** How much a location rounded to f32 may change a log-density that is up to 7 standard deviations out. */
function shiftOf(of: ScalarDistribution): number {
  const location = Math.max(Math.abs(of.icdf(1e-12)), Math.abs(of.icdf(1 - 1e-12)));
  return (7 * location * 2 ** -24) / Math.sqrt(of.variance);
}

describe("dirichlet", () => {
  test.each([[[0.5, 2, 3.5]], [[0.05, 0.3, 0.1]], [[4000, 1500, 2000]]])("of %j", (concentration) => {
    const of = dirichlet(concentration);
    const [exact, rounded] = [logDensityOf(of, "f64"), logDensityOf(of, "f32")];
    for (const x of [
      [0.25, 0.5, 0.25],
      [0.125, 0.75, 0.125],
      [2 ** -30, 1 - 2 ** -29, 2 ** -30],
    ]) {
      const want = of.logProb(x);
      // The formula divides by a mean's f32, which is within 2^-24 of it: Σ c (1 + x / mean) 2^-24, and c / mean is Σ c.
      const near = 1e-6 + 2 ** -23 * concentration.reduce((sum, c) => sum + c, 0);
      expect(Math.abs(exact(x) - want), `${x}`).toBeLessThan(near);
      // f32 holds the last x's middle share as 1 - 2^-24 or 1.
      expect(Math.abs(rounded(x) - want), `${x}`).toBeLessThan(near + 1e-4 + 1e-6 * Math.abs(want));
    }
    expect(Number.isFinite(rounded([0, 1, 0]))).toBe(true);
  });
});
