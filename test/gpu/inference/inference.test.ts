import { describe, expect, test } from "vitest";
import { integrate } from "../../../src/distributions/special/adaptive.ts";
import { formula } from "../../../src/expression/index.ts";
import {
  bernoulli,
  cauchy,
  elbo,
  fitGaussian,
  gamma,
  importanceWeightedBound,
  klDivergence,
  klSurface,
  type LatentModel,
  laplace,
  linearGaussian,
  logistic,
  mergeEstimates,
  mixture,
  multivariateNormal,
  normal,
  type ScalarDistribution,
} from "../../../src/index.ts";
import { forwardObjective, reverseObjective } from "../../../src/inference/fit-objective.ts";
import { rejection } from "../../support/device.ts";
import { exhaustive } from "../../support/exhaustive.ts";
import { expectedAt, logProbOf } from "../../support/inference/inference.ts";
import { onEach } from "../../support/rows/calls.ts";

const one = linearGaussian({
  prior: normal(0.3, 1.2),
  weights: [1, 0.5],
  bias: [0.1, -0.2],
  noise: [0.5, 0.8],
  observation: [1.5, 0.3],
});
const q = normal(0.8, 0.6);

const three = linearGaussian({
  prior: multivariateNormal({
    mean: [0.2, -0.1, 0.4],
    scaleTril: [
      [1, 0, 0],
      [0.3, 0.8, 0],
      [-0.2, 0.1, 1.1],
    ],
  }),
  weights: [
    [1, 0.2, -0.5],
    [0.3, -1, 0.8],
    [0.5, 0.5, 0.5],
    [-0.7, 0.1, 0.9],
    [0, 1.2, 0.3],
  ],
  noise: 0.9,
  observation: [1, -0.5, 0.7, 2, 0.1],
});
const q3 = multivariateNormal({
  mean: [0.5, 0.1, 0.8],
  scaleTril: [
    [0.5, 0, 0],
    [-0.1, 0.6, 0],
    [0.2, 0.1, 0.4],
  ],
});

/** k ~ Poisson(z) was seen to be 4, z ~ Gamma(2.5, 1.5): the posterior is Gamma(6.5, 2.5), and the evidence a negative binomial's. */
const counted: LatentModel = {
  prior: gamma(2.5, 1.5),
  logLikelihood: "4 * log(x) - x - logFactorial",
  parameters: { logFactorial: Math.log(24) },
};
const countedPosterior = gamma(6.5, 2.5);
// Γ(6.5) / Γ(2.5) = 5.5 · 4.5 · 3.5 · 2.5
const countedEvidence = 2.5 * Math.log(1.5) - 6.5 * Math.log(2.5) + Math.log(5.5 * 4.5 * 3.5 * 2.5) - Math.log(24);

/**
 * What f32 does to a value of the bounds here: some 40 roundings of numbers below 16, all one way at worst. Means err by no more.
 */
const ROUNDING = 40 * 16 * 2 ** -24;

const SAMPLES = 65_536;
const modes = mixture([0.5, 0.5], [normal(-1, 0.2), normal(1, 0.2)]);

onEach((setting, on) => {
  const engine = () => setting().engine;

  /** Expectations have the CPU engine's bits on a GPU (expectation-bits.test.ts), and take seconds each to compile there. */
  const all = exhaustive || on === "cpu";
  const costly = test.runIf(all);
  const latents = [
    ["a number", one, q],
    ["three numbers", three, q3],
  ] as const;

  describe("elbo", () => {
    describe.each(all ? latents : latents.slice(0, 1))("of a latent of %s", (_, model, posterior) => {
      test.each(all ? [0, 1, 4] : [4])(
        "agrees with its closed forms within 5 standard errors, β = %f",
        async (beta) => {
          const got = await elbo(engine(), { model, posterior, beta, samples: SAMPLES, seed: 5 });
          const exact = model.exactElbo(posterior as never, beta);
          expect(got.exact).toEqual(exact);
          expect(got.klExact).toBeCloseTo(exact.kl, 12);
          for (const [estimate, want] of [
            [got.elbo, exact.elbo],
            [got.reconstruction, exact.reconstruction],
            [got.kl, exact.kl],
          ] as const) {
            expect(Math.abs(estimate.mean - want)).toBeLessThanOrEqual(
              5 * estimate.standardError + ROUNDING * (1 + beta),
            );
            expect(estimate.samples).toBe(SAMPLES);
            expect(estimate.warnings).toEqual([]);
          }
          expect(got.elbo.mean).toBe(got.reconstruction.mean - beta * got.kl.mean);
          const [low, high] = got.elbo.interval(0.95);
          expect((low + high) / 2).toBeCloseTo(got.elbo.mean, 12);
        },
      );

      costly("with the exact KL term has the reconstruction's error bar", async () => {
        const got = await elbo(engine(), { model, posterior, klTerm: "exact", beta: 2, samples: SAMPLES, seed: 5 });
        expect(got.elbo.mean).toBe(got.reconstruction.mean - 2 * (got.klExact ?? Number.NaN));
        expect(got.elbo.standardError).toBe(got.reconstruction.standardError);
      });

      test("is the log-evidence at every sample where q is the posterior", async () => {
        const got = await elbo(engine(), { model, posterior: model.posterior, samples: SAMPLES, seed: 6 });
        expect(Math.abs(got.elbo.mean - model.logEvidence)).toBeLessThanOrEqual(ROUNDING);
        expect(Math.sqrt(got.elbo.variance)).toBeLessThanOrEqual(ROUNDING);
        // Its terms do vary, and their errors cancel.
        expect(got.reconstruction.variance).toBeGreaterThan(0.01);
      });
    });

    test("has the error bar of the difference, by f64 quadrature of the integrand's variance", async () => {
      const log = formula(one.logLikelihood as never);
      const f = (z: number) => log.evaluate(z, one.parameters) - 3 * (logProbOf(q, z) - logProbOf(one.prior, z));
      let [mean, square] = [0, 0];
      for (let z = q.mean - 12 * q.std; z < q.mean + 12 * q.std; z += 0.005) {
        const weight = 0.005 * Math.exp(logProbOf(q, z));
        mean += weight * f(z);
        square += weight * f(z) ** 2;
      }
      const { elbo: got } = await elbo(engine(), { model: one, posterior: q, beta: 3, samples: SAMPLES, seed: 7 });
      // A square of a normal has kurtosis 15, and a sample variance a relative error of √((15 - 1) / N).
      expect(Math.abs(got.variance / (square - mean ** 2) - 1)).toBeLessThanOrEqual(5 * Math.sqrt(14 / SAMPLES));
    });

    costly("of a latent of two values agrees with the sum over them", async () => {
      const model = { prior: bernoulli(0.3), logLikelihood: "x * 1.5 - 2" };
      const got = await elbo(engine(), { model, posterior: bernoulli(0.6), beta: 0.5, samples: SAMPLES, seed: 1 });
      const kl = 0.6 * Math.log(0.6 / 0.3) + 0.4 * Math.log(0.4 / 0.7);
      const want = 0.6 * 1.5 - 2 - 0.5 * kl;
      expect(Math.abs(got.elbo.mean - want)).toBeLessThanOrEqual(5 * got.elbo.standardError);
      expect(got.klExact).toBeCloseTo(kl, 12);
      expect(got.exact).toBeUndefined();
      const summed = await elbo(engine(), { model, posterior: bernoulli(0.6), beta: 0.5, method: "exact" });
      expect(summed.elbo.mean).toBeCloseTo(want, 12);
      expect(summed.elbo.standardError).toBe(0);
    });

    costly("of a latent drawn by rejection is the evidence at every sample of the posterior", async () => {
      const got = await elbo(engine(), { model: counted, posterior: countedPosterior, samples: 4_096, seed: 2 });
      expect(Math.abs(got.elbo.mean - countedEvidence)).toBeLessThanOrEqual(ROUNDING);
      expect(Math.sqrt(got.elbo.variance)).toBeLessThanOrEqual(ROUNDING);
      expect(got.kl.mean).toBeGreaterThan(0);
    });

    test("tells of its progress", async () => {
      const seen: number[] = [];
      const onProgress = (so: { elbo: { samples: number } }) => void seen.push(so.elbo.samples);
      await elbo(engine(), { model: one, posterior: q, samples: SAMPLES, onProgress });
      expect(seen.at(-1)).toBe(SAMPLES);
    });
  });

  describe("importanceWeightedBound", () => {
    const bound = (particles: number, samples: number, more: object = {}) =>
      importanceWeightedBound(engine(), { model: one, posterior: q, particles, samples, seed: 9, ...more });

    test("with one particle is the ELBO of the same samples", async () => {
      const { elbo: want } = await elbo(engine(), { model: one, posterior: q, samples: SAMPLES, seed: 9 });
      const got = await bound(1, SAMPLES);
      expect(Math.abs(got.mean - want.mean)).toBeLessThanOrEqual(ROUNDING);
      expect(got.variance / want.variance).toBeCloseTo(1, 5);
    });

    costly("never falls as K doubles on the same draws, and comes to the evidence", async () => {
      let before = Number.NEGATIVE_INFINITY;
      for (let particles = 1; particles <= 1_024; particles *= 2) {
        const got = await bound(particles, SAMPLES / particles);
        // By Jensen's inequality, sample by sample.
        expect(got.mean).toBeGreaterThanOrEqual(before - ROUNDING);
        expect(got.mean).toBeLessThanOrEqual(one.logEvidence + 5 * got.standardError + ROUNDING);
        expect(got.samples).toBe(SAMPLES / particles);
        before = got.mean;
      }
      // What is missing is Var(w) / (2 K p(x)²) to first order; w / p(x) has variance 2.3 here (f64 quadrature), √(2.3 / 65,536) its noise.
      expect(Math.abs(before - one.logEvidence)).toBeLessThanOrEqual(2.3 / 2_048 + 5 * Math.sqrt(2.3 / SAMPLES));
    });

    costly("with two particles agrees with a double integral in f64", async () => {
      const log = formula(one.logLikelihood as never);
      const step = 0.03;
      const zs = Array.from({ length: 320 }, (_, k) => q.mean + (k - 160) * step);
      const weights = zs.map((z) => step * Math.exp(logProbOf(q, z)));
      const w = zs.map((z) => Math.exp(log.evaluate(z, one.parameters) + logProbOf(one.prior, z) - logProbOf(q, z)));
      let want = 0;
      weights.forEach((a, i) => {
        weights.forEach((b, j) => {
          want += a * b * Math.log(((w[i] ?? 0) + (w[j] ?? 0)) / 2);
        });
      });
      const got = await bound(2, SAMPLES);
      expect(Math.abs(got.mean - want)).toBeLessThanOrEqual(5 * got.standardError);
    });

    test.each(exhaustive ? [3, 5, 30] : all ? [5] : [])(
      "with %i particles of the posterior is the evidence, draw for draw",
      async (particles) => {
        const got = await bound(particles, 1_000, { model: three, posterior: three.posterior });
        expect(Math.abs(got.mean - three.logEvidence)).toBeLessThanOrEqual(ROUNDING);
        const drawn = { model: counted, posterior: countedPosterior };
        expect(Math.abs((await bound(particles, 1_000, drawn)).mean - countedEvidence)).toBeLessThanOrEqual(ROUNDING);
      },
    );

    test("of disjoint ranges merges to the bits of one run", async () => {
      const [first, second] = [await bound(3, SAMPLES), await bound(3, 2 * SAMPLES, { offset: SAMPLES })];
      const merged = mergeEstimates(first, second);
      const whole = await bound(3, 3 * SAMPLES);
      expect([merged.mean, merged.variance, merged.samples]).toEqual([whole.mean, whole.variance, whole.samples]);
    });

    test("ends when it is aborted", async () => {
      const stop = new AbortController();
      const run = bound(64, 2 ** 20, { signal: stop.signal, onProgress: () => stop.abort() });
      expect(await rejection(run)).toMatchObject({ name: "AbortError" });
    });
  });

  describe("fitGaussian", () => {
    const samples = on === "cpu" ? 4_096 : 16_384;
    const fitted = (target: ScalarDistribution, direction: "forward" | "reverse", mean: number, std: number) =>
      fitGaussian(engine(), target, { direction, start: { mean, std }, samples, seed: 3 });

    /** The fit came to rest, where f64 sees no slope beyond 5 standard errors of what the fit could see of it. */
    async function expectAtRest(
      target: ScalarDistribution,
      direction: "forward" | "reverse",
      start: readonly [number, number],
    ): Promise<{ mean: number; std: number }> {
      const got = await fitted(target, direction, ...start);
      expect(got.status).toBe("converged");
      const objective = direction === "forward" ? forwardObjective(target) : reverseObjective(target);
      const { means, stds } = expectedAt(objective, got, [-14, 14]);
      for (const k of [1, 2]) {
        expect(Math.abs(means[k] ?? Number.NaN)).toBeLessThanOrEqual(1e-4 + 5 * ((stds[k] ?? 0) / Math.sqrt(samples)));
      }
      const off = Math.abs(got.divergence.mean - (means[0] ?? Number.NaN));
      expect(off).toBeLessThanOrEqual(5 * got.divergence.standardError + ROUNDING);
      expect(got.trace[0]).toMatchObject({ step: 0, mean: start[0], std: start[1] });
      expect(got.trace.at(-1)).toMatchObject({ mean: got.mean, std: got.std });
      expect(got.distribution).toMatchObject({ name: "normal", mean: got.mean, std: got.std });
      return got;
    }

    const forward = [
      [3, 0.2],
      [0.5, 0.5],
      [-20, 5],
    ] as const;
    test.each(exhaustive ? forward : all ? forward.slice(0, 1) : [])(
      "forward covers both modes, from N(%f, %f²)",
      async (...start) => {
        const got = await expectAtRest(modes, "forward", start);
        // The sample's own mean and standard deviation; p's kurtosis is 1.2448 / 1.04².
        const std = Math.sqrt(1.04);
        expect(Math.abs(got.mean)).toBeLessThanOrEqual((5 * std) / Math.sqrt(samples) + 1e-4);
        const spread = std * Math.sqrt((1.2448 / 1.04 ** 2 - 1) / 4);
        expect(Math.abs(got.std - std)).toBeLessThanOrEqual((5 * spread) / Math.sqrt(samples) + 1e-4);
      },
    );

    const reverse = [
      [0.5, 0.5, 1],
      [-0.5, 0.5, -1],
      [0.5, 0.2, 1],
      [-4, 0.1, -1],
    ] as const;
    test.each(exhaustive ? reverse : reverse.slice(-1))(
      "reverse seeks one mode, from N(%f, %f²)",
      async (mean, std, mode) => {
        const got = await expectAtRest(modes, "reverse", [mean, std]);
        // At a mode no noise is left: what remains is the tolerance, in units of q, whose curvatures are 1 and 2 there.
        expect(Math.abs(got.mean - mode)).toBeLessThanOrEqual(1e-4 * 0.2 * 1.1);
        expect(Math.abs(got.std - 0.2)).toBeLessThanOrEqual(1e-4 * 0.2);
        expect(Math.abs((await fitted(modes, "reverse", mean, std)).divergence.mean - Math.LN2)).toBeLessThanOrEqual(
          ROUNDING,
        );
      },
    );

    costly("comes to rest where full steps would overshoot for ever", async () => {
      // Between two modes of 0.3 E[-∂ slope / ∂ log std] is 9.9 at rest, more than the 8 up to which half steps converge.
      const got = await expectAtRest(mixture([0.5, 0.5], [normal(-1, 0.3), normal(1, 0.3)]), "reverse", [0, 0.7]);
      expect(got.std).toBeGreaterThan(0.7);
    });

    costly("finds what it can of other families", async () => {
      await expectAtRest(cauchy(1, 0.5), "reverse", [-1, 0.5]);
      if (!exhaustive) return;
      await expectAtRest(logistic(2, 0.7), "reverse", [-1, 0.5]);
      await expectAtRest(mixture([0.2, 0.8], [laplace(-1, 0.5), normal(2, 1)]), "forward", [0, 1]);
    });

    costly("of vectors finds means and stds; reverse, the conditional ones", async () => {
      const target = multivariateNormal({
        mean: [1, -2],
        covariance: [
          [1, 0.6],
          [0.6, 0.5],
        ],
      });
      const start = { mean: [0, 0], std: [1, 1] };
      const forward = await fitGaussian(engine(), target, { direction: "forward", start, samples, seed: 4 });
      expect(forward.status).toBe("converged");
      [1, -2].forEach((mean, i) => {
        const std = Math.sqrt(target.variance[i] ?? 0);
        expect(Math.abs((forward.mean[i] ?? 0) - mean)).toBeLessThanOrEqual((5 * std) / Math.sqrt(samples) + 1e-4);
        // Of normals, a sample's standard deviation errs by σ / √(2N).
        expect(Math.abs((forward.std[i] ?? 0) - std)).toBeLessThanOrEqual((5 * std) / Math.sqrt(2 * samples) + 1e-4);
      });
      const reverse = await fitGaussian(engine(), target, { direction: "reverse", start, samples, seed: 4 });
      expect(reverse.status).toBe("converged");
      expect(reverse.distribution.name).toBe("multivariateNormal");
      // Of coordinates that are independent in q: precision's diagonal, 1 / (Σ⁻¹)ᵢᵢ = |Σ| / Σⱼⱼ.
      const variances = [0.14 / 0.5, 0.14 / 1];
      // At rest the slopes' noise is ρ ε_j and ρ ε_i ε_j, ρ = Σ_ij / √(Σ_ii Σ_jj); the curvatures are [[1, ρ], [ρ, 1]] for the means and 2.
      const rho = 0.6 / Math.sqrt(0.5);
      const most = (5 * rho) / Math.sqrt(samples) + 1e-4;
      variances.forEach((variance, i) => {
        const std = Math.sqrt(variance);
        expect(Math.abs((reverse.mean[i] ?? 0) - ([1, -2][i] ?? 0))).toBeLessThanOrEqual((most / (1 - rho)) * std);
        expect(Math.abs(Math.log((reverse.std[i] ?? 0) / std))).toBeLessThanOrEqual(most / 2);
      });
      expect(reverse.divergence.samples).toBe(samples);
    });

    costly("says when its steps ran out, and when it diverged", async () => {
      const start = { mean: 30, std: 1 };
      const short = await fitGaussian(engine(), modes, { direction: "forward", start, samples: 256, steps: 3 });
      expect([short.status, short.trace.length]).toEqual(["unfinished", 4]);
      const far = { mean: 1e30, std: 1 };
      const lost = await fitGaussian(engine(), normal(0, 1), { direction: "forward", start: far, samples: 256 });
      expect([lost.status, lost.trace.length, lost.mean]).toEqual(["diverged", 1, 1e30]);
      expect(lost.divergence.nonFinite).toBe(256);
    });

    costly("tells of each step, gives the same bits again, and stops when it is aborted", async () => {
      const steps: unknown[] = [];
      const options = { direction: "reverse", start: { mean: 2, std: 1 }, samples: 256, seed: 1 } as const;
      const got = await fitGaussian(engine(), modes, { ...options, onStep: (step) => void steps.push(step) });
      expect(steps).toEqual(got.trace);
      expect((await fitGaussian(engine(), modes, options)).trace).toEqual(got.trace);
      const stop = new AbortController();
      const run = fitGaussian(engine(), modes, { ...options, signal: stop.signal, onStep: () => stop.abort() });
      expect(await rejection(run)).toMatchObject({ name: "AbortError" });
    });

    // The CPU engine has no pipelines.
    if (on === "cpu") return;

    test("compiles nothing from one step to the next, nor for another start", async () => {
      const { device } = engine();
      if (!device) throw new Error("no device");
      let made = 0;
      const original = device.createComputePipeline;
      device.createComputePipeline = function create(descriptor) {
        made += 1;
        return original.call(this, descriptor);
      };
      try {
        await fitted(mixture([0.5, 0.5], [normal(-2, 0.3), normal(1, 0.2)]), "reverse", 1.5, 0.4);
        const first = made;
        await fitted(mixture([0.4, 0.6], [normal(-3, 0.1), normal(2, 0.5)]), "reverse", -1, 0.2);
        expect(made).toBe(first);
        // The expectation's and the fold's, where they were not there already.
        expect(first).toBeLessThanOrEqual(2);
      } finally {
        device.createComputePipeline = original;
      }
    });
  });

  describe("klSurface", () => {
    const grid = { means: [-2, -0.7, 0, 0.3, 1, 40], stds: [0.05, 0.2, 0.845, 1.0198, 3] };
    const q = (k: number) => ({
      mean: grid.means[k % grid.means.length] ?? Number.NaN,
      std: grid.stds[Math.floor(k / grid.means.length)] ?? Number.NaN,
    });

    /** E_q[-log p] and its distance from the midpoint rule's, by adaptive quadrature in f64. */
    function crossEntropyOf(target: ScalarDistribution, { mean, std }: { mean: number; std: number }): number {
      const f = (x: number) => -Math.exp(logProbOf(normal(mean, std), x)) * logProbOf(target, x);
      const points = [-9, -3, -1, 0, 1, 3, 9].map((z) => mean + std * z);
      return integrate(
        f,
        [...points, -1, 0, 1, 2].filter((x) => Math.abs(x - mean) <= 9.01 * std).sort((a, b) => a - b),
        1e-9,
      ).value;
    }

    test.each([
      ["two modes", modes, 0],
      ["a normal", normal(0.5, 2), 0],
      ["Laplace's kink, at 2", laplace(2, 0.7), 2 / 0.7],
      ["heavy tails", cauchy(0, 0.5), 0],
    ] as const)("reverse agrees with adaptive quadrature for %s", async (_, target, kink) => {
      const y = await klSurface(engine(), target, { ...grid, direction: "reverse" }).read();
      expect(y.length).toBe(30);
      y.forEach((got, k) => {
        const cross = crossEntropyOf(target, q(k));
        const want = cross - normal(q(k).mean, q(k).std).entropy();
        // Sums of 32 and of 20 terms, some 50 roundings within a log-density, all of the size of -log p's mean, or, where that is
        // small, of 1; z's own rounding moves log p by its slope, which is at most |z - mode| / 0.2² here.
        const size = Math.max(1, cross);
        const slope = (Math.abs(q(k).mean) + 7 * q(k).std + 2) * (target === modes ? 25 : 2);
        const rounding = 2 ** -24 * (102 * size + slope * (Math.abs(q(k).mean) + 7 * q(k).std));
        const rule = (q(k).std ** 2 / 29_000) * kink * Math.exp(logProbOf(normal(q(k).mean, q(k).std), 2));
        expect(rounding + rule).toBeLessThan(0.01 * Math.max(1, want));
        expect(Math.abs(got - want)).toBeLessThanOrEqual(rounding + rule);
      });
    });

    test("forward agrees with closed forms, and with a fine sum for two modes", async () => {
      const y = await klSurface(engine(), normal(0.5, 2), { ...grid, direction: "forward" }).read();
      y.forEach((got, k) => {
        const want = klDivergence(normal(0.5, 2), normal(q(k).mean, q(k).std));
        expect(Math.abs(got - want)).toBeLessThanOrEqual(2 ** -23 * Math.max(1, want));
      });
      const found = await klSurface(engine(), modes, { ...grid, direction: "forward" }).read();
      found.forEach((got, k) => {
        if (!exhaustive && k % 5 !== 2) return;
        const [want = Number.NaN] = expectedAt(forwardObjective(modes), q(k), [-4, 4]).means;
        expect(Math.abs(got - want)).toBeLessThanOrEqual(2 ** -23 * Math.max(1, want) + 1e-8);
      });
    });

    test("shows what the fits find: ln 2 at a mode, 0.9359 where q covers both", async () => {
      const at = (mean: number, std: number, direction: "forward" | "reverse") =>
        klSurface(engine(), modes, { means: [mean], stds: [std], direction }).read();
      expect((await at(1, 0.2, "reverse"))[0]).toBeCloseTo(Math.LN2, 5);
      expect((await at(0, Math.sqrt(1.04), "forward"))[0]).toBeCloseTo(0.9359, 4);
    });

    test("reverse has a third minimum for two modes: broad, and between them", async () => {
      // Where s² E[-(log p)''] = 1: slopes of ±25 x about the modes with a kink of -50 between them, s² (25 - 50 φ(0) / s) = 1.
      const s = 0.845;
      const around = { means: [-0.1, 0, 0.1], stds: [s / 1.05, s, s * 1.05] };
      const y = await klSurface(engine(), modes, { ...around, direction: "reverse" }).read();
      const [centre = Number.NaN] = y.subarray(4, 5);
      expect([...y].filter((other) => other > centre + 1e-4).length).toBe(8);
    });

    test("refuses what does not fit, beside a call that passes", () => {
      const ask = (target: unknown, more: object) => () =>
        void klSurface(engine(), target as ScalarDistribution, { ...grid, direction: "forward", ...more });
      expect(ask(modes, {})).not.toThrow();
      expect(ask(modes, { means: [] })).toThrow(/klSurface: means must be an array of at least one/);
      expect(ask(modes, { means: [0, Number.NaN] })).toThrow(/means\[1\] must be a finite number/);
      expect(ask(modes, { stds: [1, 0] })).toThrow(/stds\[1\] must be a positive number/);
      expect(ask(modes, { means: new Float32Array(256), stds: new Float32Array(257).fill(1) })).toThrow(
        /at most 65536 cells, got 256 x 257/,
      );
      expect(ask(modes, { direction: "both" })).toThrow(/direction must be one of/);
      expect(ask(modes, { mean: [1] })).toThrow(/there is no option 'mean'/);
      expect(ask(cauchy(0, 1), {})).toThrow(/finite variance/);
      expect(ask(gamma(2, 1), { direction: "reverse" })).toThrow(/a density everywhere/);
      expect(ask(q3, {})).toThrow(/a distribution of numbers, got multivariateNormal/);
      expect(ask(bernoulli(0.5), {})).toThrow(/must have a density/);
    });
  });
});
