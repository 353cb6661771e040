import { describe, expect, test, vi } from "vitest";
import { InputError, mixture, multivariateNormal, normal } from "../../../src/index.ts";
import { expectedModes } from "../../../src/robotics/transport/index.ts";
import { exhaustive } from "../../support/exhaustive.ts";
import { bimodal, rotated } from "../../support/robotics/transport.ts";

// Grids of thousands of places, and all ways between them.
vi.setConfig({ testTimeout: 60_000 });

const MEANS = [-1, 1];
const WEIGHTS = [0.3, 0.7];
const STD = 0.2;

/** E[a | x] and E[ε | x] of signal · a + noise · ε = x under the two modes, straight from Bayes. */
function posterior(x: number, signal: number, noise: number): { action: number; epsilon: number } {
  const variance = signal * signal * STD * STD + noise * noise;
  const joint = MEANS.map((mean, k) => (WEIGHTS[k] as number) * Math.exp(-((x - signal * mean) ** 2) / (2 * variance)));
  const mass = joint.reduce((sum, p) => sum + p, 0);
  let [action, epsilon] = [0, 0];
  MEANS.forEach((mean, k) => {
    const share = (joint[k] as number) / mass;
    action += share * (mean + ((signal * STD * STD) / variance) * (x - signal * mean));
    epsilon += share * (noise / variance) * (x - signal * mean);
  });
  return { action, epsilon };
}

/** The border between the modes: where 0.3 N(-1, 0.2²) and 0.7 N(1, 0.2²) have one density. */
const BORDER = (STD * STD * Math.log(0.3 / 0.7)) / 2;

function flowed(noise: number, steps: number): number {
  let x = noise;
  for (let s = 0; s < steps; s++) {
    const t = 1 - s / steps;
    const { action, epsilon } = posterior(x, 1 - t, t);
    x -= (epsilon - action) / steps;
  }
  return x;
}

const density = (x: number) => Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);

describe("expectedModes", () => {
  test("ten Euler steps turn a weight of 0.3 into 0.287", () => {
    const { weights } = expectedModes(bimodal, { method: "flow" });
    expect((weights[0] as number).toFixed(3)).toBe("0.287");
  });

  test.each(exhaustive ? [2, 5, 10, 33] : [2, 10])(
    "of %i Euler steps is what a plain sum over noise gives",
    (steps) => {
      const [cells, reach] = [200_000, 9];
      let [mass, first, second] = [0, 0, 0];
      for (let k = 0; k < cells; k++) {
        const noise = -reach + (2 * reach * (k + 0.5)) / cells;
        const x = flowed(noise, steps);
        if (x >= BORDER) continue;
        const p = (density(noise) * 2 * reach) / cells;
        mass += p;
        first += p * x;
        second += p * x * x;
      }
      const { weights, means, stds, direction } = expectedModes(bimodal, { method: "flow", steps });
      // The sum misplaces the border by half a cell, 4.5e-5, of density at most 0.4.
      expect(Math.abs((weights[0] as number) - mass)).toBeLessThan(2e-5);
      expect(Math.abs((means[0] as number) - first / mass)).toBeLessThan(1e-4);
      // That much mass, 1 from the mean, is up to 6e-5 of the variance and so 1.5e-4 of its root.
      expect(Math.abs((stds[0] as number) - Math.sqrt(second / mass - (first / mass) ** 2))).toBeLessThan(1.5e-4);
      expect(direction).toEqual([1, 0, 0, 0, 0, 0, 0]);
    },
  );

  test("one Euler step takes all noise to the mean action, which is on the right", () => {
    const { weights, means, stds } = expectedModes(bimodal, { method: "flow", steps: 1 });
    expect(weights[0]).toBe(0);
    expect(means[1]).toBeCloseTo(0.4, 9);
    expect(stds[1]).toBeLessThan(1e-6);
  });

  test.each(exhaustive ? [1, 2, 5, 20] : [1, 5])(
    "of %i DDPM steps is what a plain transition matrix gives",
    (steps) => {
      const left = (t: number) => Math.cos((((t / steps + 0.008) / 1.008) * Math.PI) / 2) ** 2;
      const betas = Array.from({ length: steps }, (_, t) => Math.min(0.999, 1 - left(t + 1) / left(t)));
      const bars = betas.map((_, t) => betas.slice(0, t + 1).reduce((product, beta) => product * (1 - beta), 1));
      // Cells of one size for all steps, each a point mass; what leaves ±5 stays on the last cell.
      const cells = 3_001;
      const places = Array.from({ length: cells }, (_, k) => -5 + (10 * k) / (cells - 1));
      const h = 10 / (cells - 1);
      let masses = places.map((x) => density(x) * h);
      let weight = 0;
      for (let t = steps - 1; t >= 0; t--) {
        const [beta, bar] = [betas[t] as number, bars[t] as number];
        const noise = Math.sqrt(1 - bar);
        const moved = places.map((x) => {
          const { epsilon } = posterior(x, Math.sqrt(bar), noise);
          return (x - (beta / noise) * epsilon) / Math.sqrt(1 - beta);
        });
        if (t === 0) {
          weight = masses.reduce((sum, mass, k) => sum + ((moved[k] as number) < BORDER ? mass : 0), 0);
          break;
        }
        const std = Math.sqrt(beta);
        const next = new Array<number>(cells).fill(0);
        masses.forEach((mass, i) => {
          const to = moved[i] as number;
          const reach = Math.ceil((8 * std) / h);
          const middle = Math.round((to + 5) / h);
          for (let k = Math.max(0, middle - reach); k <= Math.min(cells - 1, middle + reach); k++) {
            next[k] = (next[k] as number) + mass * (h / std) * density(((places[k] as number) - to) / std);
          }
        });
        masses = next;
      }
      const { weights } = expectedModes(bimodal, { method: "diffusion", steps });
      // A cell on the border may go either way: its mass is at most h times the density there, 0.4 at the start and far less later. What
      // lies beyond ±5 is 6e-7 a step.
      expect(Math.abs((weights[0] as number) - weight)).toBeLessThan(0.5 * h);
      expect(Math.abs(weights.reduce((sum, w) => sum + w, 0) - 1)).toBeLessThan(1e-7);
    },
  );

  test("weights converge to the target's, a flow's error as 1 / steps", () => {
    const errors = (method: "flow" | "diffusion") =>
      (exhaustive ? [5, 10, 20, 40, 80] : [5, 10, 20]).map((steps) => {
        const { weights } = expectedModes(bimodal, { method, steps });
        return Math.abs((weights[0] as number) - 0.3);
      });
    const flow = errors("flow");
    flow.slice(1).forEach((error, k) => {
      const ratio = (flow[k] as number) / error;
      expect(ratio).toBeGreaterThan(1.9);
      expect(ratio).toBeLessThan(2.4);
    });
    const diffusion = errors("diffusion");
    diffusion.slice(1).forEach((error, k) => void expect(error).toBeLessThan(0.55 * (diffusion[k] as number)));
    if (exhaustive) expect(diffusion.at(-1)).toBeLessThan(4e-4);
  });

  test("a line that is no coordinate's is the same line, turned", () => {
    const std = [0.2, 0.2, 0.2];
    const turned = mixture(
      WEIGHTS,
      MEANS.map((place) => multivariateNormal({ mean: [0.6 * place, 0, 0.8 * place], std })),
    );
    for (const method of ["flow", "diffusion"] as const) {
      const [a, b] = [turned, bimodal].map((target) => expectedModes(target, { method }));
      // Clipping, which is left out on such a line, meets 6e-7 of the particles a step, and moves few of them by much: at most 1.2e-5 of
      // the mass, a hundredth of that once the modes are apart.
      a?.weights.forEach((weight, k) => void expect(Math.abs(weight - (b?.weights[k] ?? 0))).toBeLessThan(1.2e-5));
      a?.stds.forEach((value, k) => void expect(Math.abs(value - (b?.stds[k] ?? 0))).toBeLessThan(3e-5));
      a?.direction.forEach((value, c) => void expect(value).toBeCloseTo([0.6, 0, 0.8][c] ?? 0, 12));
    }
  });

  test("one Gaussian is one mode, whose deviation each Euler step changes by its exact factor", () => {
    const { weights, means, stds } = expectedModes(normal(0.5, 0.2), { method: "flow" });
    let std = 1;
    for (let s = 0; s < 10; s++) {
      const t = 1 - s / 10;
      std *= 1 - (0.1 * (t - (1 - t) * 0.04)) / ((1 - t) ** 2 * 0.04 + t * t);
    }
    expect(weights[0]).toBeCloseTo(1, 12);
    expect(means[0]).toBeCloseTo(0.5, 9);
    // Straight cells of a straight map: what is left is the width of the cells.
    expect(Math.abs((stds[0] as number) - std)).toBeLessThan(1e-6);
  });

  test("components without weight stay in their places", () => {
    const target = mixture([0.3, 0, 0.7], [normal(-1, 0.2), normal(5, 1), normal(1, 0.2)]);
    const { weights, means } = expectedModes(target, { method: "flow" });
    expect(weights[1]).toBe(0);
    expect(means[1]).toBeNaN();
    expect(weights[0]).toBeCloseTo(expectedModes(bimodal, { method: "flow" }).weights[0] as number, 6);
  });

  test("refuses what is not one-dimensional, and options that do not fit", () => {
    const refused = (call: () => unknown, problem: RegExp) => {
      expect(call).toThrow(InputError);
      expect(call).toThrow(problem);
    };
    refused(() => expectedModes(rotated, { method: "flow" }), /must differ in one coordinate only/);
    const corners = [
      [0, 0],
      [1, 0],
      [0, 1],
    ].map((mean) => multivariateNormal({ mean, std: [0.1, 0.1] }));
    refused(() => expectedModes(mixture([0.2, 0.3, 0.5], corners), { method: "flow" }), /means on one line/);
    refused(() => expectedModes(bimodal, { method: "euler" as never }), /method must be one of "flow", "diffusion"/);
    refused(() => expectedModes(bimodal, { method: "flow", steps: 0 }), /steps must be a whole number from 1 to 1000/);
    refused(() => expectedModes(bimodal, { method: "diffusion", maxAction: 0 }), /maxAction must be a positive/);
    refused(() => expectedModes(bimodal, { method: "flow", maxAction: 1 }), /maxAction is for method "diffusion"/);
    refused(() => expectedModes(bimodal, { method: "flow", step: 3 } as never), /no option 'step'/);
  });
});
