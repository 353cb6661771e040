import { describe, expect, test } from "vitest";
import { double } from "../../../src/arithmetic/double.ts";
import {
  type Distribution,
  Engine,
  InputError,
  independent,
  mixture,
  multivariateNormal,
  normal,
  type VectorMixture,
} from "../../../src/index.ts";
import { eigenOf } from "../../../src/linear-algebra/eigen.ts";
import { blendOf } from "../../../src/robotics/transport/blend.ts";
import { gaussiansOf } from "../../../src/robotics/transport/gaussians.ts";
import { assignModes, noisedMixture, scoreField, velocityField } from "../../../src/robotics/transport/index.ts";
import { axesOf } from "../../../src/robotics/transport/maps.ts";
import { diffusionWalk, flowWalk } from "../../../src/robotics/transport/paths.ts";
import { bimodal, rotated } from "../../support/robotics/transport.ts";

const line = mixture([0.3, 0.7], [normal(-1, 0.2), normal(0.8, 0.4)]);

/** E[ε - a | t ε + (1 - t) a = x] by quadrature over a, with no formula of Gaussians but the densities. */
function velocityByQuadrature(target: Distribution, t: number, x: number): number {
  const [low, high, cells] = [-5, 5, 20_000];
  let [mass, sum] = [0, 0];
  for (let k = 0; k <= cells; k++) {
    const a = low + ((high - low) * k) / cells;
    const epsilon = (x - (1 - t) * a) / t;
    const density = Math.exp(target.logProb(a) - 0.5 * epsilon * epsilon);
    mass += density;
    sum += density * (epsilon - a);
  }
  return sum / mass;
}

describe("velocity", () => {
  test("is the posterior mean of ε - a", () => {
    for (const t of [0.05, 0.3, 0.7, 1]) {
      const field = velocityField(line, t);
      for (const x of [-2.5, -0.7, -0.1, 0, 0.4, 1.9]) {
        const [got = Number.NaN] = field([x]);
        // The trapezoidal rule is exact to rounding for smooth densities that end in zeros.
        expect(Math.abs(got - velocityByQuadrature(line, t, x))).toBeLessThan(1e-9);
      }
    }
  });

  test("is E[ε] - E[a], which follow from the score: Tweedie's formula", () => {
    const x = [0.3, -0.4, 0.9];
    for (const t of [0.1, 0.5, 0.95]) {
      const score = scoreField(rotated, t)(x);
      const velocity = velocityField(rotated, t)(x);
      x.forEach((value, c) => {
        const epsilon = -t * (score[c] as number);
        const action = (value - t * epsilon) / (1 - t);
        expect(Math.abs((velocity[c] as number) - (epsilon - action))).toBeLessThan(1e-12 / (1 - t));
      });
    }
  });

  test("at t = 0 it is -a for the action a, at t = 1 it is ε less the mean action", () => {
    const x = [0.3, -0.4, 0.9];
    velocityField(rotated, 0)(x).forEach((v, c) => void expect(v).toBeCloseTo(-(x[c] as number), 12));
    velocityField(
      rotated,
      1,
    )(x).forEach((v, c) => {
      expect(v).toBeCloseTo((x[c] as number) - (rotated.mean[c] as number), 12);
    });
  });
});

describe("score", () => {
  test.each([
    ["of a rotated mixture", rotated],
    ["of seven dimensions", bimodal],
    [
      "of one Gaussian",
      multivariateNormal({
        mean: [1, 2],
        covariance: [
          [2, 0.5],
          [0.5, 1],
        ],
      }),
    ],
    ["of independent normals", independent([normal(1, 0.5), normal(-1, 2)])],
  ] as const)("%s is the gradient of the noised mixture's log-density", (_, target) => {
    for (const level of [
      { signal: 1, noise: 0 },
      { signal: 0.6, noise: 0.8 },
      { signal: 0, noise: 1 },
    ]) {
      const density = noisedMixture(target, level) as VectorMixture;
      const at = Array.from({ length: target.shape[0] }, (_, c) => Math.sin(3 * c + 1));
      const score = scoreField(target, level)(at);
      at.forEach((value, c) => {
        const h = 1e-5;
        const moved = (by: number) => density.logProb(at.map((x, i) => (i === c ? value + by : x)));
        const slope = (moved(h) - moved(-h)) / (2 * h);
        // Central differences err by h² f''' / 6 and by rounding / h; third derivatives stay below 1e4 here.
        expect(Math.abs((score[c] as number) - slope)).toBeLessThan(1e-6 * (1 + Math.abs(slope)));
      });
    }
  });

  test("far away it points home, and is no NaN", () => {
    for (const far of [1e6, 1e20, 1e30]) {
      const [score = Number.NaN] = scoreField(line, 0)([far]);
      expect(score).toBeLessThan(0);
      expect(Number.isFinite(score)).toBe(true);
    }
  });
});

describe("a step", () => {
  const x = [0.3, -0.4, 0.9];

  function stepOf(kind: "flow" | "diffusion", s: number, steps: number): readonly number[] {
    const gaussians = gaussiansOf(rotated, "test");
    const { maps } = kind === "flow" ? flowWalk(gaussians, steps) : diffusionWalk(gaussians, steps, 5);
    const blend = blendOf({ size: 3, count: gaussians.components.length, axes: axesOf(gaussians) }, double);
    const point = Float64Array.from(x);
    blend.apply(point, (maps[s] as (typeof maps)[number]).constants, 0);
    return Array.from(point);
  }

  test.each([0, 4, 9])("%i of a flow is x + dt v(x) at π0's time", (s) => {
    const velocity = velocityField(rotated, 1 - s / 10)(x);
    stepOf("flow", s, 10).forEach((got, c) => {
      expect(Math.abs(got - ((x[c] as number) - 0.1 * (velocity[c] as number)))).toBeLessThan(1e-14);
    });
  });

  // ᾱ by its definition, apart from the library's schedule.
  const left = (t: number) => Math.cos((((t / 20 + 0.008) / 1.008) * Math.PI) / 2) ** 2;
  const betas = Array.from({ length: 20 }, (_, t) => Math.min(0.999, 1 - left(t + 1) / left(t)));

  test.each([0, 1, 10, 18, 19])("%i of a diffusion is Octo's formula with the exact ε", (s) => {
    const t = 19 - s;
    const alpha = 1 - (betas[t] as number);
    const bar = betas.slice(0, t + 1).reduce((product, beta) => product * (1 - beta), 1);
    const score = scoreField(rotated, { signal: Math.sqrt(bar), noise: Math.sqrt(1 - bar) })(x);
    stepOf("diffusion", s, 20).forEach((got, c) => {
      const epsilon = -Math.sqrt(1 - bar) * (score[c] as number);
      const want = ((x[c] as number) - ((1 - alpha) / Math.sqrt(1 - bar)) * epsilon) / Math.sqrt(alpha);
      // At t = 19 the difference is divided by √0.001.
      expect(Math.abs(got - want)).toBeLessThan(1e-12);
    });
  });
});

test("eigenvectors are orthonormal and give the matrix back", () => {
  const size = 12;
  const matrix = Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => Math.cos(i * j) + Math.cos(j * i) + (i === j ? 1 + i : 0)),
  );
  const { values, vectors } = eigenOf(matrix);
  matrix.forEach((row, i) => {
    row.forEach((entry, j) => {
      const back = values.reduce((sum, value, k) => sum + value * (vectors[k]?.[i] ?? 0) * (vectors[k]?.[j] ?? 0), 0);
      expect(Math.abs(back - entry)).toBeLessThan(1e-12 * size);
      const product = (vectors[i] ?? []).reduce((sum, x, k) => sum + x * (vectors[j]?.[k] ?? 0), 0);
      expect(Math.abs(product - (i === j ? 1 : 0))).toBeLessThan(1e-14 * size);
    });
  });
});

test("targets of numbers take a list of them as points, and those of vectors do not", async () => {
  using engine = await Engine.create({ backend: "cpu" });
  const values = [-1.5, -0.2, 0.1, 0.7];
  const [list, column] = [engine.tensor(values, [4]), engine.tensor(values, [4, 1])];
  for (const field of [velocityField(line, 0.4), scoreField(line, 0.4)]) {
    expect(field(list).shape).toEqual([4]);
    expect(await field(list).read()).toEqual(await field(column).read());
  }
  const modes = assignModes(line, list);
  expect(modes.labels.shape).toEqual([4]);
  expect([...(await modes.labels.read())]).toEqual([0, 1, 1, 1]);
  expect([...(await modes.counts.read())]).toEqual([1, 3]);
  const column2 = engine.tensor(values, [2, 2]);
  expect(() => assignModes(line, column2)).toThrow(
    "assignModes: the points must be f32 [n, 1] or [n] as the target is, got f32 [2, 2]",
  );
  const three = engine.tensor([1, 2, 3], [3]);
  expect(() => scoreField(rotated, 0.4)(three)).toThrow("the points must be f32 [n, 3] as the target is, got f32 [3]");
});

test("fields refuse other targets, times and points", () => {
  const refused = (call: () => unknown, problem: RegExp) => {
    expect(call).toThrow(InputError);
    expect(call).toThrow(problem);
  };
  refused(() => velocityField(line, 1.1), /time must be a number from 0 \(data\) to 1 \(noise\), got 1.1/);
  refused(() => scoreField(line, { signal: 0, noise: 0 }), /not both 0/);
  refused(() => scoreField(line, -1), /signal and noise must be/);
  refused(() => noisedMixture(line, { signal: 2, noise: 0 }), /signal and noise must be/);
  refused(() => velocityField(line, 0.5)([1, 2]), /an array of 1 numbers/);
  refused(() => noisedMixture(line, null as never), /needed a level .* got null/);
  refused(() => scoreField(line, "1" as never), /needed a level .* got "1"/);
  refused(() => velocityField({ name: "mixture" } as never, 0.5), /must be a mixture of Gaussians, got an object/);
  refused(() => velocityField("x" as never, 0.5), /must be a mixture of Gaussians, got "x"/);
  expect(velocityField(line, 0.5)([1])).toHaveLength(1);
});
