import { describe, expect, test } from "vitest";
import { formula } from "../../../src/expression/index.ts";
import {
  categorical,
  cauchy,
  Engine,
  elbo,
  exponential,
  fitGaussian,
  InputError,
  importanceWeightedBound,
  independent,
  laplace,
  linearGaussian,
  mixture,
  multivariateNormal,
  normal,
} from "../../../src/index.ts";
import { forwardObjective, reverseObjective } from "../../../src/inference/fit-objective.ts";
import { linearGaussians } from "../../golden/inference/inference.ts";
import { rejection } from "../../support/device.ts";
import { expectedAt, logProbOf, type Place } from "../../support/inference/inference.ts";

type Golden = (typeof linearGaussians)[number];

function modelOf({ weights, bias, noise, observation, priorMean, priorScale }: Golden) {
  const [[std = 0] = []] = priorScale;
  const prior =
    priorMean.length === 1
      ? normal(priorMean[0] ?? 0, std)
      : multivariateNormal({ mean: priorMean, scaleTril: priorScale });
  return linearGaussian({ prior, weights, bias, noise, observation });
}

function qOf({ qMean, qScale }: Golden) {
  const [[std = 0] = []] = qScale;
  return qMean.length === 1 ? normal(qMean[0] ?? 0, std) : multivariateNormal({ mean: qMean, scaleTril: qScale });
}

/**
 * Orthogonal transformations and triangular solves of n numbers lose about n roundings of f64 relative to the size of what they work on
 * (N. Higham, Accuracy and Stability, chapter 19), here numbers in units of the noise: the largest of them, `size`, is how much larger
 * than the answers they may be. 16 covers the few sums made of them.
 */
function roundings({ weights, noise, priorScale, qScale, observation }: Golden): number {
  const largest = Math.max(...[...weights, ...priorScale, ...qScale, observation].flat().map(Math.abs));
  const size = 1 + largest ** 2 / Math.min(...noise);
  return 2 ** -53 * 16 * (weights.length + priorScale.length) * size;
}

function close(got: number, want: number, relative: number): void {
  expect(relative).toBeLessThan(1e-7);
  expect(Math.abs(got - want)).toBeLessThanOrEqual(relative * Math.max(1, Math.abs(want)));
}

describe("linearGaussian", () => {
  describe.each(linearGaussians)("golden model $seed", (golden) => {
    const model = modelOf(golden);
    const q = qOf(golden);
    const relative = roundings(golden);

    test("has the log-evidence of 50 digits", () => close(model.logEvidence, golden.logEvidence, relative));

    test("has the posterior of 50 digits, relative to its own spread", () => {
      const { posteriorMean, posteriorCovariance } = golden;
      const stds = posteriorCovariance.map((row, i) => Math.sqrt(row[i] ?? 0));
      const posterior = model.posterior;
      const [mean, covariance] =
        posterior.name === "normal"
          ? [[posterior.mean], [[posterior.variance]]]
          : [posterior.mean, posterior.covariance];
      posteriorMean.forEach((want, i) => {
        close((mean[i] ?? 0) / (stds[i] ?? 0), want / (stds[i] ?? 0), relative);
        posteriorCovariance[i]?.forEach((value, j) => {
          const unit = (stds[i] ?? 0) * (stds[j] ?? 0);
          close((covariance[i]?.[j] ?? 0) / unit, value / unit, relative);
        });
      });
    });

    test("has the terms of the ELBO of 50 digits, and a gap that is KL(q‖posterior)", () => {
      const exact = model.exactElbo(q, 2.5);
      close(exact.reconstruction, golden.reconstruction, relative);
      close(model.expectedLogLikelihood(q), golden.reconstruction, relative);
      close(exact.kl, golden.kl, relative);
      close(exact.klPosterior, golden.klPosterior, relative);
      close(exact.gap / golden.klPosterior, 1, relative * (1 + Math.abs(golden.reconstruction / golden.klPosterior)));
      expect(exact.elbo).toBe(exact.reconstruction - 2.5 * exact.kl);
      expect(exact.logEvidence).toBe(model.logEvidence);
    });

    test("has log-likelihood + log-prior - log-posterior = log-evidence wherever they are asked (Bayes)", () => {
      const size = golden.priorMean.length;
      const scalar = size === 1;
      const log = formula(model.logLikelihood as never, { dimension: scalar ? 0 : size });
      const { posterior, prior } = model;
      for (let k = 0; k < 20; k++) {
        const spread = Array.from({ length: size }, (_, i) => 2 * Math.sin(17 * k + 5 * i));
        const means = posterior.name === "normal" ? [posterior.mean] : posterior.mean;
        const variances = posterior.name === "normal" ? [posterior.variance] : posterior.variance;
        const z = spread.map((value, i) => (means[i] ?? 0) + value * Math.sqrt(variances[i] ?? 0));
        const at = scalar ? (z[0] ?? 0) : z;
        const likelihood = log.evaluate(at, model.parameters);
        const evidence = likelihood + logProbOf(prior, at) - logProbOf(posterior, at);
        close(evidence, golden.logEvidence, relative);
      }
    });
  });

  test("has no gap for q the posterior", () => {
    for (const golden of linearGaussians) {
      const model = modelOf(golden);
      const exact = model.exactElbo(model.posterior);
      expect(exact.klPosterior).toBe(0);
      expect(Math.abs(exact.gap)).toBeLessThanOrEqual(roundings(golden) * Math.max(1, Math.abs(exact.reconstruction)));
    }
  });

  test("has an evidence that integrates p(x|z) p(z), by the trapezoid rule over z", () => {
    const model = linearGaussian({
      prior: normal(0.3, 1.2),
      weights: [2, -1],
      noise: [0.5, 0.8],
      observation: [1.5, 0.3],
    });
    const log = formula(model.logLikelihood as never);
    let sum = 0;
    // Exponentially accurate for a smooth function that vanishes at both ends: 16 stds of the prior, steps of a 20th of the posterior's.
    for (let z = -19; z < 19; z += 0.01) {
      sum += 0.01 * Math.exp(log.evaluate(z, model.parameters) + model.prior.logProb(z));
    }
    expect(Math.log(sum)).toBeCloseTo(model.logEvidence, 12);
  });

  test("takes weights row by row, one noise for all, and a product of normals as q", () => {
    const prior = multivariateNormal({ mean: [0.1, -0.2], std: [1, 2] });
    const shared = { prior, bias: [0.5, 0, 1], observation: [1, 2, 3] };
    const nested = linearGaussian({
      ...shared,
      weights: [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      noise: [0.7, 0.7, 0.7],
    });
    const flat = linearGaussian({ ...shared, weights: Float64Array.of(1, 2, 3, 4, 5, 6), noise: 0.7 });
    expect(flat.logEvidence).toBe(nested.logEvidence);
    const q = multivariateNormal({ mean: [0, 1], std: [0.5, 0.25] });
    expect(flat.exactElbo(independent([normal(0, 0.5), normal(1, 0.25)]))).toEqual(flat.exactElbo(q));
  });

  const good = { prior: normal(0, 1), weights: [1, 2], noise: 1, observation: [1, 2] };
  test.each([
    [{ prior: laplace(0, 1) }, /prior must be a normal or a multivariateNormal, got laplace/],
    [{ prior: undefined }, /prior must be/],
    [{ weights: [1, 2, 3] }, /weights must be 2 rows of 1.*got 3/],
    [{ weights: [[1], [2, 3]] }, /weights\[1\] must be 1 numbers.*got 2/],
    [{ weights: [[1], [Number.NaN]] }, /weights\[1\]\[0\] must be a finite number, got NaN/],
    [{ bias: [1] }, /bias must have 2 numbers as observation has, got 1/],
    [{ noise: 0 }, /noise must be a positive number.*got 0/],
    [{ noise: [1, -1] }, /noise\[1\] must be a positive number.*got -1/],
    [{ noise: [1] }, /noise must have 2 numbers/],
    [{ observation: [] }, /observation must be an array of at least one/],
    [{ observation: [1, Number.POSITIVE_INFINITY] }, /observation\[1\] must be a finite number/],
    [{ observations: [1, 2] }, /there is no option 'observations'/],
  ])("refuses %j", (bad, message) => {
    expect(() => linearGaussian(good)).not.toThrow();
    expect(() => linearGaussian({ ...good, ...bad } as never)).toThrow(InputError);
    expect(() => linearGaussian({ ...good, ...bad } as never)).toThrow(message);
  });

  test("refuses a q of another size or kind, and a beta that is no number", () => {
    const model = linearGaussian(good);
    expect(() => model.exactElbo(multivariateNormal({ mean: [0, 0], std: [1, 1] }))).toThrow(/1 coordinates.*got 2/);
    expect(() => model.expectedLogLikelihood(laplace(0, 1))).toThrow(/q must be a normal.*got laplace/);
    expect(() => model.exactElbo(normal(0, 1), Number.NaN)).toThrow(/beta must be a finite number/);
  });
});

describe("a fit's objective", () => {
  const target = mixture([0.3, 0.7], [normal(-1, 0.5), laplace(2, 0.7)]);
  const place = { mean: 0.4, std: 0.8 };

  test.each([
    ["forward", forwardObjective],
    ["reverse", reverseObjective],
  ] as const)("%s: its slopes are those of its divergence, by central differences", (_, objective) => {
    const expected = (at: Place) => expectedAt(objective(target), at, [-18, 22]).means;
    const [, byMean = 0, byLogStd = 0] = expected(place);
    const h = 1e-3;
    const at = (mean: number, std: number) => expected({ mean, std })[0] ?? Number.NaN;
    const slope = (at(place.mean + h, place.std) - at(place.mean - h, place.std)) / (2 * h);
    const growth = (at(place.mean, place.std * Math.exp(h)) - at(place.mean, place.std * Math.exp(-h))) / (2 * h);
    // Central differences err by h²/6 = 1.7e-7 third derivatives, which stay below 100 here; the rule errs by less at the kink.
    expect(byMean).toBeCloseTo(-place.std * slope, 4);
    expect(byLogStd).toBeCloseTo(-growth, 4);
  });
});

/** An engine that counts what it is told to do. */
function counted(engine: Engine): { engine: Engine; calls: () => number } {
  let calls = 0;
  const counting = new Proxy(engine, {
    get(target, name) {
      const value = Reflect.get(target, name, target) as unknown;
      if (typeof value !== "function") return value;
      return (...args: readonly unknown[]) => {
        if (name === "fetch" || name === "run") calls++;
        return value.apply(target, args);
      };
    },
  });
  return { engine: counting, calls: () => calls };
}

describe("refusals come before any work", () => {
  const model = { prior: normal(0, 1), logLikelihood: "-(x - a)^2 / 2", parameters: { a: 1 } };
  const options = { model, posterior: normal(0.5, 0.7), samples: 100 };
  const shared: readonly (readonly [object, RegExp])[] = [
    [{ model: undefined }, /model must be/],
    [{ model: { ...model, prior: undefined } }, /model\.prior must be a distribution/],
    [{ model: { ...model, logLikelihood: "x + b" } }, /model\.logLikelihood.*b/],
    [{ model: { ...model, logLikelihood: () => [1, 2] } }, /needed one value, got a list of 2/],
    [{ model: { ...model, parameters: { a: Number.NaN } } }, /parameters\.a must be a finite number/],
    [{ posterior: 3 }, /posterior must be a distribution/],
    [{ posterior: multivariateNormal({ mean: [0], std: [1] }) }, /the prior's shape \[\], got \[1\]/],
    [{ model: { ...model, prior: exponential(1) } }, /within the prior's support.*KL\(q‖prior\) is infinite/],
    [{ samples: 0 }, /samples must be a whole number/],
    [{ seed: -1 }, /seed/],
    [{ sample: 10 }, /there is no option 'sample'/],
  ];

  const calls = {
    elbo: [
      elbo,
      options,
      [...shared, [{ beta: -1 }, /beta/], [{ beta: Number.NaN }, /beta/], [{ klTerm: "closed" }, /klTerm/]],
    ],
    importanceWeightedBound: [
      importanceWeightedBound,
      { ...options, particles: 3 },
      [
        ...shared,
        [{ particles: 0 }, /particles must be a whole number from 1 to 1048576/],
        [{ particles: 1.5 }, /particles/],
      ],
    ],
  } as const;

  describe.each(Object.entries(calls))("%s", (_, [call, good, cases]) => {
    const run = call as (engine: Engine, options: never) => Promise<unknown>;
    test.each(cases as readonly (readonly [object, RegExp])[])("refuses case %#", async (bad, message) => {
      const { engine, calls: worked } = counted(await Engine.create({ backend: "cpu" }));
      const error = await rejection(run(engine, { ...good, ...bad } as never));
      expect(error).toBeInstanceOf(InputError);
      expect((error as InputError).message).toMatch(message);
      expect(worked()).toBe(0);
      await run(engine, good as never);
      expect(worked()).toBeGreaterThan(0);
    });
  });

  test("the exact KL term is refused where there is none", async () => {
    const { engine, calls: worked } = counted(await Engine.create({ backend: "cpu" }));
    const wide = mixture([0.5, 0.5], [normal(-1, 1), normal(1, 1)]);
    const asked = { ...options, model: { ...model, prior: wide } };
    const error = await rejection(elbo(engine, { ...asked, klTerm: "exact" }));
    expect((error as InputError).message).toMatch(/klTerm "exact" needs a closed form.*normal and mixture/);
    expect(worked()).toBe(0);
    expect((await elbo(engine, asked)).klExact).toBeUndefined();
  });

  const start = { mean: 0, std: 1 };
  test.each([
    [normal(0, 1), { direction: "sideways" }, /direction must be one of "forward", "reverse"/],
    [normal(0, 1), { start: { mean: 0, std: 0 } }, /start\.std must be a positive number/],
    [normal(0, 1), { start: { mean: [0], std: 1 } }, /start\.mean must be a finite number/],
    [normal(0, 1), { start: 3 }, /start must be \{ mean, std \}, got 3/],
    [multivariateNormal({ mean: [0, 0], std: [1, 1] }), {}, /start\.mean must be an array/],
    [multivariateNormal({ mean: [0, 0], std: [1, 1] }), { start: { mean: [0], std: [1] } }, /must have 2 numbers/],
    [normal(0, 1), { steps: -1 }, /steps/],
    [normal(0, 1), { samples: 1 }, /samples must be a whole number from 2/],
    [normal(0, 1), { learningRate: 0 }, /learningRate must be a number above 0, up to 1, got 0/],
    [normal(0, 1), { tolerance: 2 }, /tolerance/],
    [normal(0, 1), { rate: 2 }, /there is no option 'rate'/],
    [categorical({ probabilities: [0.5, 0.5] }), {}, /must have a density, got categorical/],
    [exponential(1), { direction: "reverse" }, /a density everywhere, got exponential.*use "forward"/],
    [cauchy(0, 1), { direction: "forward" }, /finite variance, got cauchy.*use "reverse"/],
    [undefined, {}, /target must be a distribution/],
  ])("fitGaussian refuses case %#", async (target, bad, message) => {
    const { engine, calls: worked } = counted(await Engine.create({ backend: "cpu" }));
    const error = await rejection(
      fitGaussian(engine, target as never, { direction: "forward", start, ...bad } as never),
    );
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).message).toMatch(message);
    expect(worked()).toBe(0);
    await fitGaussian(engine, normal(0, 1), { direction: "forward", start, samples: 64, steps: 1 });
    expect(worked()).toBeGreaterThan(0);
  });
});

describe("what is not finite", () => {
  test("leaves an ELBO the mean of its finite values", async () => {
    const engine = await Engine.create({ backend: "cpu" });
    const model = { prior: normal(0, 1), logLikelihood: "log(x)" };
    const got = await elbo(engine, { model, posterior: normal(0, 1), samples: 256, seed: 1 });
    expect(got.elbo.nonFinite).toBeGreaterThan(0);
    expect(got.elbo.mean).toBeNaN();
    // q is the prior: nothing but the reconstruction is left.
    expect(got.elbo.finiteMean).toBe(got.reconstruction.finiteMean);
    engine.dispose();
  });

  test("and callbacks that are none are refused before anything is drawn", async () => {
    const engine = await Engine.create({ backend: "cpu" });
    const q = normal(0, 1);
    const common = {
      model: { prior: q, logLikelihood: "x" },
      posterior: q,
      samples: 16,
      seed: 1,
      onProgress: 5 as never,
    };
    await expect(elbo(engine, common)).rejects.toThrow("elbo: onProgress must be a function, got 5");
    await expect(importanceWeightedBound(engine, { ...common, particles: 2 })).rejects.toThrow(
      "onProgress must be a function",
    );
    const fit = { direction: "reverse", start: { mean: 0, std: 1 }, onStep: 5 as never } as const;
    await expect(fitGaussian(engine, q, fit)).rejects.toThrow("fitGaussian: onStep must be a function, got 5");
    engine.dispose();
  });

  test("and distributions that are made of traced values are refused as such", async () => {
    const engine = await Engine.create({ backend: "cpu" });
    const misused = [
      [(z: unknown) => normal(z as number, 1).logProb(1), "normal: mean must be a finite number"],
      [(z: unknown) => normal(0, z as number).logProb(1), "normal: std must be a positive number"],
      [(z: unknown) => normal(0, 1).logProb(z as number), "normal.logProb: x must be a number"],
    ] as const;
    for (const [logLikelihood, needed] of misused) {
      const model = { prior: normal(0, 1), logLikelihood: logLikelihood as never };
      const error = await rejection(elbo(engine, { model, posterior: normal(0, 1), samples: 16, seed: 1 }));
      expect(error).toBeInstanceOf(InputError);
      expect(String(error)).toContain(needed);
      expect(String(error)).toContain("got a traced value; distributions take numbers");
    }
    engine.dispose();
  });

  test("and what is nothing at all is refused", async () => {
    const engine = await Engine.create({ backend: "cpu" });
    const model = { prior: normal(0, 1), logLikelihood: "x", parameters: null as never };
    await expect(elbo(engine, { model, posterior: normal(0, 1), samples: 16, seed: 1 })).rejects.toThrow(
      "elbo: model.parameters must be { name: number … }, got null",
    );
    engine.dispose();
    const options = { prior: normal(0, 1), weights: [null] as never, noise: 1, observation: [1] };
    expect(() => linearGaussian(options)).toThrow("weights[0] must be 1 numbers, one a coordinate of z, got null");
  });
});
