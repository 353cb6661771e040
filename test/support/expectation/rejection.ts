import type { ScalarDistribution, VectorDistribution } from "../../../src/distributions/distribution.ts";
import { POSITIVE } from "../../../src/distributions/formulas.ts";
import { scalar, vector } from "../../../src/distributions/make.ts";
import type { Expr } from "../../../src/expression/expr.ts";
import { parseFormula } from "../../../src/expression/parse.ts";

// Distributions that are sampled by rejection, with nothing else to them.

function formula(text: string, dimension: number, parameters: readonly string[] = []): Expr {
  return parseFormula(text, { dimension, where: "test", parameters }) as Expr;
}

const UNIT = { kind: "interval", low: -1, high: 1 } as const;

/** Uniform on the disc of radius 1: of points of the square about it π/4 are accepted. E[x²] = 1/4, E[x² y²] = 1/24. */
export function disc(): VectorDistribution {
  return vector<VectorDistribution>({
    own: {
      name: "disc",
      mean: [0, 0],
      variance: [0.25, 0.25],
      logProb: ([x = 0, y = 0]) => (x * x + y * y < 1 ? -Math.log(Math.PI) : Number.NEGATIVE_INFINITY),
      entropy: () => Math.log(Math.PI),
    },
    support: [UNIT, UNIT],
    model: () => ({
      variates: ["uniform", "uniform"],
      rejections: [{ variates: [0, 1], accept: formula("square(2 * x[0] - 1) + square(2 * x[1] - 1) < 1", 2) }],
      event: [formula("2 * x[0] - 1", 2), formula("2 * x[1] - 1", 2)],
      logDensity: formula(`${-Math.log(Math.PI)} + 0 * x[0]`, 2),
      parameters: {},
    }),
  });
}

/** The normal distribution beyond `least`, by trying normals until one is there. */
export function normalAbove(least: number): ScalarDistribution {
  const nothing = (): never => {
    throw new Error("not needed");
  };
  return scalar<ScalarDistribution>({
    own: {
      name: "normalAbove",
      mean: Number.NaN,
      variance: Number.NaN,
      logProb: nothing,
      mode: () => Number.NaN,
      entropy: nothing,
      tails: nothing,
      icdf: () => Number.NaN,
    },
    support: POSITIVE,
    model: () => ({
      variates: ["normal"],
      rejections: [{ variates: [0], accept: formula("x > least", 0, ["least"]) }],
      event: [formula("x", 0)],
      logDensity: formula("-x^2 / 2", 0),
      parameters: { least },
    }),
  });
}
