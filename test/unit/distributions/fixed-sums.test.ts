import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { covers } from "../../../src/distributions/covers.ts";
import type { Distribution, VectorDistribution } from "../../../src/distributions/distribution.ts";
import { vector } from "../../../src/distributions/make.ts";
import type { Expr } from "../../../src/expression/expr.ts";
import { parseFormula } from "../../../src/expression/parse.ts";
import {
  binomial,
  divergenceEstimate,
  Engine,
  expectation,
  hellinger,
  independent,
  jensenShannon,
  klDivergence,
  mixture,
  normal,
  poisson,
  renyiDivergence,
  totalVariation,
} from "../../../src/index.ts";
import { onTensor } from "../../support/distributions/densities.ts";

// Costs a second of CPU time.

const { NEGATIVE_INFINITY: NOTHING, POSITIVE_INFINITY: INFINITE } = Number;

function formula(text: string): Expr {
  return parseFormula(text, { dimension: 2, where: "test", parameters: ["total", "mass"] }) as Expr;
}

/** Two whole numbers that add up to a total, each way alike. */
function pairs(total: number): VectorDistribution {
  const mass = -Math.log(total + 1);
  return vector<VectorDistribution>({
    own: {
      name: "pairs",
      mean: [total / 2, total / 2],
      variance: [0, 0].fill((total * (total + 2)) / 12),
      logProb: ([x = 0, y = 0]) => (x >= 0 && x <= total && x + y === total && Number.isInteger(x) ? mass : NOTHING),
      entropy: () => -mass,
    },
    support: [0, 1].map((place) => ({ kind: "integers", low: 0, high: total, sum: { total, place, count: 2 } })),
    model: () => ({
      variates: ["uniform"],
      event: [formula("floor(x[0] * (total + 1))"), formula("total - floor(x[0] * (total + 1))")],
      logDensity: formula("mass + 0 * x[0]"),
      parameters: { total, mass },
    }),
  });
}

const counts = independent([binomial(3, 0.5), poisson(1.5)]);

let engine: Engine;
beforeAll(async () => {
  engine = await Engine.create({ backend: "cpu" });
});
afterAll(() => {
  engine.dispose();
});

describe("whole numbers of a fixed sum", () => {
  it.each<readonly [string, Distribution, Distribution, boolean]>([
    ["are covered by any whole numbers", counts, pairs(3), true],
    ["cover no others", pairs(3), counts, false],
    ["cover their own", pairs(3), pairs(3), true],
    ["do not cover another sum", pairs(4), pairs(3), false],
    ["cover their own side by side", independent([pairs(3), pairs(4)]), independent([pairs(3), pairs(4)]), true],
    ["do not cover those of other places", independent([pairs(3), pairs(4)]), independent([pairs(4), pairs(3)]), false],
    ["are covered by a mixture that has them", mixture([0.5, 0.5], [pairs(4), pairs(3)]), pairs(3), true],
    ["are not covered by one that has not", mixture([0.5, 0.5], [pairs(4), pairs(5)]), pairs(3), false],
    ["cover a mixture of their own", pairs(3), mixture([0.5, 0.5], [pairs(3), pairs(3)]), true],
  ])("%s", (_, q, p, want) => {
    expect(covers(q, p)).toBe(want);
    if (!want) expect(klDivergence(p, q)).toBe(INFINITE);
  });

  it("stay in a mixture of one sum", () => {
    expect(mixture([0.5, 0.5], [pairs(3), pairs(3)]).support).toEqual(pairs(3).support);
    expect(mixture([0.5, 0.5], [pairs(3), pairs(4)]).support[1]).toEqual({ kind: "integers", low: 0, high: 4 });
  });

  const most = 2 ** 24;
  it.each<readonly [string, Distribution, readonly (readonly number[])[]]>([
    [
      "alone",
      pairs(3),
      [
        [1, 2],
        [3, 0],
        [1, 1],
        [3, 3],
        [-1, 4],
        [1.5, 1.5],
      ],
    ],
    [
      "of 2^24, which f32 hardly tells from one more",
      pairs(most),
      [
        [most, 0],
        [most, 1],
        [1, most],
        [1, most - 1],
      ],
    ],
    [
      "side by side",
      independent([normal(0, 1), pairs(3)]),
      [
        [0, 1, 2],
        [0, 2, 2],
      ],
    ],
    [
      "of two sums",
      mixture([0.5, 0.5], [pairs(3), pairs(4)]),
      [
        [1, 2],
        [1, 3],
        [2, 3],
        [4, 3],
      ],
    ],
    [
      "of one sum",
      mixture([0.5, 0.5], [pairs(3), pairs(3)]),
      [
        [1, 2],
        [1, 3],
      ],
    ],
  ])("have no mass off it: %s", async (_, of, points) => {
    const x = engine.tensor(Float32Array.from(points.flat()), [points.length, of.shape[0] ?? 1]);
    const found = await of.logProb(x).read();
    points.forEach((point, k) => {
      const want = of.logProb(point);
      for (const got of [found[k] as number, onTensor(of)(point).got]) {
        if (Number.isFinite(want)) expect(Math.abs(got - want), `${point}`).toBeLessThan(1e-6 * -want);
        else expect(got, `${point}`).toBe(want);
      }
    });
  });

  it("weigh nothing where a proposal leaves it", async () => {
    for (const under of [pairs(3), mixture([0.5, 0.5], [pairs(3), pairs(3)])]) {
      const options = { of: "x[0] * x[1]", under, proposal: counts, samples: 2 ** 16, seed: 4 } as const;
      const { mean, standardError, warnings } = await expectation(engine, options);
      // 0, 2, 2 and 0
      expect(Math.abs(mean - 1)).toBeLessThan(5 * standardError);
      expect(warnings.map(({ code }) => code)).not.toContain("missed-mass");
    }
  });

  it("of other sums share nothing", () => {
    const [p, q] = [pairs(3), pairs(4)];
    expect([totalVariation(p, q), hellinger(p, q), jensenShannon(p, q)]).toEqual([1, 1, Math.LN2]);
    expect([0, 0.5, 1, 2].map((alpha) => renyiDivergence(p, q, alpha))).toEqual([0, 0, 0, 0].fill(INFINITE));
    const [both, other] = [independent([normal(0, 1), p]), independent([normal(1, 1), q])];
    expect([0, 0.5, 2].map((alpha) => renyiDivergence(both, other, alpha))).toEqual([0, 0, 0].fill(INFINITE));
  });

  it("have divergences from what leaves it", async () => {
    const twins = independent([binomial(1, 0.5), binomial(1, 0.5)]);
    const options = { divergence: "totalVariation", samples: 2 ** 16, seed: 4 } as const;
    const { mean, standardError } = await divergenceEstimate(engine, pairs(1), twins, options);
    // Half a half, on either side
    expect(Math.abs(mean - 0.5)).toBeLessThan(5 * standardError);
  });
});
