import { expect, it } from "vitest";
import type { VectorDistribution } from "../../../src/distributions/distribution.ts";
import { type Formulas, vector } from "../../../src/distributions/make.ts";
import { number, parameter, variable } from "../../../src/expression/expr.ts";
import { mul } from "../../../src/expression/simplify.ts";
import { Engine, expectationGradient } from "../../../src/index.ts";

/** Two multiples of one uniform variate, which count how often their mean is asked for. */
function pair(scale: number, rest: Partial<Formulas> = {}) {
  let asked = 0;
  const of = vector<VectorDistribution>({
    own: {
      name: "pair",
      mean: () => [++asked, 0],
      variance: () => [4, 9],
      logProb: () => 0,
      entropy: () => 0,
    },
    support: [0, 1].map(() => ({ kind: "interval", low: 0, high: scale })),
    model: () => ({
      variates: ["uniform"],
      event: [0, 1].map(() => mul(parameter("scale"), variable(0))),
      logDensity: number(0),
      parameters: { scale },
      ...rest,
    }),
  });
  return { of, asked: () => asked };
}

it("moments of a vector that are functions are computed once, when they are first asked for", () => {
  const { of, asked } = pair(1);
  expect(JSON.stringify(of)).not.toContain("mean");
  expect(asked()).toBe(0);
  expect([of.mean, of.mean, of.variance, of.standardDeviation]).toEqual([
    [1, 0],
    [1, 0],
    [4, 9],
    [2, 3],
  ]);
  expect([of.mean, of.variance, of.standardDeviation].every(Object.isFrozen)).toBe(true);
});

it("gradients of a vector's means find where it is, for samples that f32 cannot hold", async () => {
  const clamped = [{ at: 2 ** -126, probability: 0.25, beyond: [2 ** -200] }];
  const under = (scale: number) => pair(scale, { refined: [{ clamped }, undefined] }).of;
  const engine = await Engine.create({ backend: "cpu" });
  const options = { under, at: 2, estimator: "pathwise", samples: 4_096, seed: 1 } as const;
  const { mean, standardError } = await expectationGradient(engine, { of: "x[0] + x[1]", ...options });
  expect(Math.abs((mean[0] as number) - 1)).toBeLessThan(5 * (standardError[0] as number));
  engine.dispose();
});
