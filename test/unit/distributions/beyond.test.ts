import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { double } from "../../../src/arithmetic/double.ts";
import { coordinatesOf } from "../../../src/distributions/coordinates.ts";
import type { Support } from "../../../src/distributions/distribution.ts";
import { Rewriter } from "../../../src/distributions/rewriting/rewriter.ts";
import { evaluator } from "../../../src/expression/evaluate.ts";
import { type Expr, number, variable } from "../../../src/expression/expr.ts";
import { parseFormula } from "../../../src/expression/parse.ts";
import { lowerUnchecked } from "../../../src/expression/program.ts";
import {
  beta,
  type Distribution,
  dirichlet,
  Engine,
  expectation,
  expectationGradient,
  gamma,
  independent,
  klDivergence,
  klEstimate,
  logNormal,
  mixture,
  multivariateNormal,
  normal,
  pareto,
  studentT,
  vonMises,
  weibull,
} from "../../../src/index.ts";
import { BEYOND } from "../../support/distributions/beyond.ts";
import { estimatesOf } from "../../support/distributions/estimates.ts";
import { families, isDrawn, numberFamilies } from "../../support/distributions/families.ts";
import { Random } from "../../support/distributions/random.ts";
import { exhaustive } from "../../support/exhaustive.ts";

let engine: Engine;

beforeAll(async () => {
  engine = await Engine.create({ backend: "cpu" });
});

afterAll(() => engine.dispose());

const SAMPLES = 2 ** 18;

describe("means of what f32 cannot hold", () => {
  test.for(BEYOND.map((one) => ({ name: `${one.of} under ${one.under.name} (${one.want})`, ...one })))(
    "$name",
    async ({ of, under, want }) => {
      const { mean, standardError, warnings } = await expectation(engine, { of, under, samples: SAMPLES, seed: 11 });
      expect(Math.abs(mean - want)).toBeLessThanOrEqual(5 * standardError + 1e-12 * Math.abs(want));
      expect(warnings.map(({ code }) => code)).toEqual([]);
    },
  );

  test.for([
    [beta(0.1, 0.1), beta(0.2, 0.2)],
    [gamma(0.01, 1), gamma(5, 3)],
    [pareto(1, 0.05), pareto(1, 0.1)],
    [weibull(1, 0.05), weibull(1, 0.06)],
    [logNormal(0, 50), logNormal(3, 60)],
    [normal(1e6 + 0.3, 0.1), normal(1e6 + 0.35, 0.2)],
    [normal(0, 1e38), normal(1e38, 2e38)],
  ] as const)("klEstimate of %s", async ([p, q]) => {
    const { mean, standardError } = await klEstimate(engine, p, q, { samples: SAMPLES, seed: 11 });
    expect(Math.abs(mean - klDivergence(p, q))).toBeLessThan(5 * standardError);
  });

  test.for(["antithetic", "stratified", "sobol"] as const)("with method %s", async (method) => {
    const under = normal(1e6 + 0.3, 0.1);
    const { mean, standardError } = await expectation(engine, {
      of: "(x - 1000000)^2",
      under,
      samples: SAMPLES,
      method,
    });
    expect(Math.abs(mean - 0.1)).toBeLessThan(Math.max(6 * standardError, 1e-6));
  });

  test("with a control variate, a proposal, and weights that are normalised", async () => {
    const under = normal(1e6 + 0.3, 0.1);
    const samples = SAMPLES;
    const control = { of: "x", mean: 1e6 + 0.3 };
    const controlled = await expectation(engine, { of: "(x - 1000000)^2", under, samples, control });
    expect(Math.abs(controlled.mean - 0.1)).toBeLessThan(5 * controlled.standardError);
    for (const selfNormalised of [false, true]) {
      const proposal = normal(1e6 + 0.2, 0.2);
      const weighed = await expectation(engine, { of: "x - 1000000", under, samples, proposal, selfNormalised });
      expect(Math.abs(weighed.mean - 0.3)).toBeLessThan(5 * weighed.standardError);
    }
  });

  test("runs that are joined have the bits of one", async () => {
    const options = { of: "x", under: normal(1e6 + 0.3, 0.1), seed: 3 };
    const whole = await expectation(engine, { ...options, samples: 2 ** 17 });
    const half = await expectation(engine, { ...options, samples: 2 ** 16 });
    const resumed = await expectation(engine, { ...options, samples: 2 ** 17, resume: half.snapshot });
    expect(resumed.mean).toBe(whole.mean);
  });
});

describe("guards, mixtures and ends", () => {
  test.for([
    { of: "log(max(x, 0.00000001))", under: gamma(0.01, 1), want: -16.90985998114506 },
    { of: "1 - x", under: mixture([0.5, 0.5], [normal(3, 1), beta(0.1, 0.1)]), want: -0.75 },
    { of: "x < 1", under: mixture([0.3, 0.7], [normal(0, 1), normal(1e8, 1)]), want: 0.3 * 0.8413447460685429 },
    { of: "abs(x - 100000000)^0.1", under: studentT(0.3, 1e8, 1), want: 1.313067691055518 },
    { of: "1 - x[0]", under: dirichlet([1e8, 2]), want: 2e-8 / (1 + 2e-8) },
    { of: "x > 1.0000001", under: vonMises(1, 1e14), want: 0.15865525393145707 },
    { of: "log(x / (1 - x))", under: beta(0.01, 0.01), want: 0 },
    { of: "log(x^2)", under: gamma(0.01, 1), want: -201.12177091573736 },
    { of: "log(1 / x)", under: gamma(0.01, 1), want: 100.56088545786868 },
    { of: "x < 1 ? log(1 - x) : 0", under: beta(0.01, 0.01), want: -50.01609614741249 },
  ])("$of under $under.name", async ({ of, under, want }) => {
    const { mean, standardError } = await expectation(engine, { of, under, samples: SAMPLES, seed: 12 });
    expect(Math.abs(mean - want)).toBeLessThan(5 * standardError + 1e-12 * Math.abs(want));
  });

  // ln 2 - 3/8, wherever the components are
  test.for([
    [-1, 1, 1e-4],
    [100, 0, 0.01],
    [0, 1e6, 100],
  ] as const)("klEstimate of mixtures of narrow normals at %s and %s", async ([a, b, std]) => {
    const at = (s: number) => mixture([0.5, 0.5], [normal(a, s), normal(b, s)]);
    const { mean, standardError } = await klEstimate(engine, at(std), at(2 * std), { samples: SAMPLES, seed: 3 });
    expect(Math.abs(mean - (Math.LN2 - 3 / 8))).toBeLessThan(5 * standardError);
  });

  test("whole sums beyond f32 are its largest number", async () => {
    const options = { under: normal(1e8, 1e3), samples: 2 ** 12 };
    expect((await expectation(engine, { of: "tanh(x^5)", ...options })).mean).toBe(1);
    expect((await expectation(engine, { of: "exp(-x^5)", ...options })).mean).toBe(0);
  });

  test("the score of a rate is right where most samples are below f32's range", async () => {
    const under = (rate: number) => gamma(0.01, rate);
    const options = { of: "log(x)", under, at: 0.001, estimator: "score", baseline: "mean", seed: 1 } as const;
    const { mean, standardError } = await expectationGradient(engine, { ...options, samples: SAMPLES });
    expect(Math.abs((mean[0] as number) + 1000)).toBeLessThan(5 * (standardError[0] as number));
  });
});

test("log-densities of vectors whose coordinates are nearly sums of others", async () => {
  // The third is within 1e-6 of a multiple of the first, whose spread f32 has in steps of 0.02.
  const under = multivariateNormal({
    mean: [20.75, 2_213.2, 0],
    scaleTril: [
      [300_000, 0, 0],
      [0.01, 0.02, 0],
      [164_670, -11, 1e-3],
    ],
  });
  const { mean, standardError, warnings } = await klEstimate(engine, under, under, { samples: SAMPLES, seed: 1 });
  expect([mean, standardError]).toEqual([0, 0]);
  expect(warnings.map(({ code }) => code)).toEqual(["zero-variance"]);
  const q = multivariateNormal({ mean: [20.75, 2_213.2, 1e-3], scaleTril: under.scaleTril });
  const other = await klEstimate(engine, under, q, { samples: SAMPLES, seed: 1 });
  expect(Math.abs(other.mean - klDivergence(under, q))).toBeLessThan(5 * other.standardError);
});

describe("warnings", () => {
  test.for([
    { of: "1 / (1 - x)^0.05 + x", under: beta(1, 0.1), code: undefined },
    { of: "log(1.0000001 - x)", under: beta(1, 0.1), code: "clamped" },
    { of: "log(x + 0.00000000000000000000000000000000000002)", under: gamma(0.01, 1), code: "clamped" },
    { of: "x", under: beta(0.1, 0.1), code: undefined },
    { of: "x^2", under: gamma(0.01, 1), code: undefined },
    { of: "log(1 + x^2)", under: studentT(0.01), code: "clamped" },
    { of: "log(abs(x))", under: studentT(0.01), code: undefined },
    { of: "cos(x)", under: normal(1e6, 1), code: "coarse" },
    { of: "cos(x - 1000000)", under: normal(1e6, 1), code: undefined },
    { of: "x + 1000000", under: normal(0, 1), code: undefined },
    { of: "(1 - cos(x)) / x^2", under: normal(0, 1e-3), code: "rounding" },
    {
      of: "x^4 - 4000 * x^3 + 6000000 * x^2 - 4000000000 * x + 1000000000000",
      under: normal(1000.5, 0.3),
      code: "rounding",
    },
    { of: "log(x[0] + x[1])", under: dirichlet([0.01, 0.02, 5]), code: "clamped" },
    { of: "x[1] + log(-x[0])", under: independent([normal(-5, 0.1), gamma(0.05, 1)]), code: undefined },
    { of: "x", under: mixture([1e-6, 1 - 1e-6], [normal(0, 1e5), normal(0, 1)]), code: "rare-component" },
    { of: "x", under: mixture([0.5, 0.5], [normal(0, 1e5), normal(0, 1)]), code: undefined },
    {
      of: "x[1]",
      under: independent([normal(0, 1), mixture([1e-6, 1 - 1e-6], [normal(9, 1), normal(0, 1)])]),
      code: "rare-component",
    },
    { of: "log(max(x, 1 - x))", under: beta(0.05, 0.05), code: undefined },
  ])("$of under $under.name: $code", async ({ of, under, code }) => {
    const { warnings } = await expectation(engine, { of, under, samples: SAMPLES, seed: 2 });
    const codes = warnings
      .map((warning) => warning.code)
      .filter((one) => ["clamped", "coarse", "rounding", "rare-component"].includes(one));
    expect(code ? codes.some((one) => one === code) : codes.length === 0, `${codes}`).toBe(true);
  });
});

// In f64 nothing is lost, so that a formula placed on what its samples are made of is the formula of the samples.
describe("placing keeps a formula's value", () => {
  const FORMULAS = [
    "x",
    "3 - 2 * x / 5",
    "x - c",
    "(x - c)^2 - x * (x - c) + x^3 / c",
    "abs(x - c) + abs(2 * (c - x))",
    "x > c ? x : c - x",
    "(x >= c) + (c < x) * 2 - (x <= c)",
    "min(x, c) * max(x - c, 0)",
    "log(abs(x)) + log(abs(x) / 3)",
    "sqrt(abs(x)) + exp(-abs(x - c) / s)",
  ];
  const POSITIVE = ["log(x)", "log(2 * x) - log(x / c)", "x^0.3", "1 / sqrt(x)", "x^-0.25"];
  const SHARES = ["log(1 - x)", "log1p(-x)", "(1 - x)^0.3", "log(x) - log(1 - x)", "x > 0.99999"];

  const isShare = (support?: Support) => support?.kind === "interval" && support.low === 0 && support.high === 1;
  const unrefined = (of: Distribution) => !isDrawn(of) || of.model.refined === undefined;

  test.for(numberFamilies)("$name", ({ name, draw }) => {
    const random = new Random(7);
    let members = 0;
    for (let k = 0; k < 60 && members < 8; k++) {
      const of = draw(random);
      if (unrefined(of)) continue;
      members += 1;
      const centre = of.icdf(0.4);
      const c = Math.abs(centre) < 1e30 && Math.abs(centre) > 1e-30 ? centre : 1;
      const values = { c, s: Math.abs(of.icdf(0.7) - centre) || 1, ...underNames(of) };
      const formulas = [
        ...FORMULAS,
        ...(of.support[0]?.low === 0 || name === "pareto" ? POSITIVE : []),
        ...(isShare(of.support[0]) ? SHARES : []),
      ];
      for (const text of formulas) {
        const formula = parseFormula(text, { dimension: 0, where: "test", parameters: ["c", "s"] });
        const [placed, direct] = bothAt(of, formula, values);
        placed.forEach(({ value, scale }, i) => {
          const want = direct[i] as { value: number };
          if (!Number.isFinite(want.value) || !Number.isFinite(value)) return;
          expect(Math.abs(value - want.value), `${text} under ${name}: ${value}, ${want.value}`).toBeLessThan(
            2 ** -23 * scale,
          );
        });
      }
    }
  });

  function underNames(of: Distribution): Record<string, number> {
    return Object.fromEntries(Object.entries(of.model.parameters).map(([name, value]) => [`under.${name}`, value]));
  }

  /** A formula in f64 at 32 points, placed and not; points that are clamped are left out. */
  function bothAt(of: Distribution, formula: Expr, values: Record<string, number>) {
    const coordinates = coordinatesOf(of.model, "under.");
    const [coordinate] = coordinates;
    if (!coordinate) throw new RangeError("no coordinate");
    const refined = new Rewriter(coordinates, values);
    const { origin, value } = refined.rewriteAboutOrigin(formula);
    const plain = new Rewriter([{ value: coordinate.value }], values);
    const random = new Random(3);
    const points = of.model.variates.map((kind) =>
      Float64Array.from({ length: 32 }, () => {
        const u = random.uniform() * 0.9 + 0.05;
        return kind === "uniform" ? u : double.normalQuantile(u);
      }),
    );
    const [placed] = valuesOf([value], points, { ...values, ...refined.parameters });
    const [direct, x] = valuesOf([plain.rewrite(formula), coordinate.value], points, {
      ...values,
      ...plain.parameters,
    });
    const c = values.c ?? 1;
    const kept = Array.from({ length: 32 }, (_, i) => i).filter((i) => {
      const at = Math.abs(x?.[i] ?? 0);
      return at > 1e-37 && at < 1e25 && Math.abs(1 - at) > 1e-7 && Math.abs((x?.[i] ?? 0) - c) > 1e-9 * at;
    });
    const sizeAt = (i: number) => {
      const at = Math.abs(x?.[i] ?? 0) + Math.abs(c);
      return 1 + at + at ** 2 + at ** 3 / Math.abs(c) + Math.abs(direct?.[i] ?? 0) * (1 + Math.abs(Math.log(at))) + 200;
    };
    return [
      kept.map((i) => ({ value: origin + (placed?.[i] ?? Number.NaN), scale: sizeAt(i) })),
      kept.map((i) => ({ value: direct?.[i] ?? Number.NaN })),
    ] as const;
  }
});

describe("1 + x next to -1, where f32 has no such x", () => {
  const log1p = { origin: -40, scale: 0.5, unit: variable(0) };
  const beside = { value: number(-1 + 2 ** -24), log1p, logOther: { origin: Math.LN2, scale: 0, unit: number(0) } };

  test.for([
    ["log1p(x)", -39.5],
    ["log(1 + x)", -39.5],
    ["log(x + 1)", -39.5],
    ["log((1 + x) / 3)", -39.5 - Math.log(3)],
    ["log(1 - x^2)", -39.5 + Math.LN2],
    ["log(1 - x * x)", -39.5 + Math.LN2],
    ["(x + 1)^0.5", Math.exp(-39.5 / 2)],
    ["sqrt(1 - x^2)", Math.SQRT2 * Math.exp(-39.5 / 2)],
    ["2 / (1 + x)", 2 * Math.exp(39.5)],
    ["x > -1", 1],
    ["x < -0.9999999999999", 1],
    ["x < -0.9999999999999999", 1],
    ["1 - x", 2 - 2 ** -24],
  ] as const)("%s", ([text, want]) => {
    const rewriter = new Rewriter([beside], {});
    const placed = rewriter.rewrite(parseFormula(text, { dimension: 0, where: "test" }));
    const [[got = Number.NaN] = []] = valuesOf([placed], [new Float64Array(32).fill(1)], rewriter.parameters);
    expect(Math.abs(got / want - 1)).toBeLessThan(1e-12);
  });
});

function valuesOf(exprs: readonly Expr[], points: readonly Float64Array[], values: Record<string, number>) {
  const program = lowerUnchecked(exprs);
  const given = program.parameters.map((name) => values[name] ?? Number.NaN);
  return evaluator(program, double)(points, given, 32).map((output) => output.slice(0, 32));
}

describe("random members of every family", () => {
  test.for(families)("$name", async (family) => {
    for (let seed = 0; seed < (exhaustive ? 4 : 1); seed++) {
      for (const { verdict, what, got, want } of await estimatesOf(engine, family, seed, 2 ** 16)) {
        expect(verdict, `${what}: ${got}, not ${want}`).not.toBe("off");
      }
    }
  });
});
