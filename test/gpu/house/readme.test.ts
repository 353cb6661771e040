import { expect, test } from "vitest";
import {
  crossEntropy,
  Engine,
  elbo,
  expectation,
  expectationGradient,
  gaussianLogDensity,
  klDivergence,
  klEstimate,
  laplace,
  linearGaussian,
  mergeEstimates,
  mixture,
  multivariateNormal,
  normal,
  rowStatistics,
  sampleAt,
  softmax,
} from "../../../src/index.ts";
import { assignModes, dreamer, expectedModes, flowTransport, openvla, pi0 } from "../../../src/robotics/index.ts";
import { exhaustive } from "../../support/exhaustive.ts";

/** What they compile on a GPU takes a while; that of the example is tried there in `npm test`, too. */
const SOME = exhaustive ? (["webgpu", "cpu"] as const) : (["cpu"] as const);

test.each(SOME)("the README's expectations print what it says (%s)", async (backend) => {
  using engine = await Engine.create({ backend });
  const under = normal(0, 1);
  const e = await expectation(engine, { of: "x^2", under, samples: 1e6, seed: 42 });
  expect([e.mean, e.standardError]).toEqual([0.9999913040657044, 0.0014129746574933113]);
  expect(e.interval(0.95).map((x) => x.toFixed(5))).toEqual(["0.99722", "1.00276"]);

  const tail = await expectation(engine, { of: "x > 5", under, proposal: normal(5, 1), samples: 1e5 });
  expect(tail.mean.toExponential(4)).toBe("2.8995e-7");
  expect(Math.abs(tail.mean - 2.8665157e-7) / tail.standardError).toBeLessThan(2);

  expect(sampleAt(under, { seed: 42, index: 123_456_789 })).toBe(0.8651582598686218);

  const half = 2 ** 20;
  const parts = [0, half].map((offset) => expectation(engine, { of: "x^2", under, samples: half, offset, seed: 42 }));
  expect(mergeEstimates(...(await Promise.all(parts))).mean).toBe(0.9994948580861092);
});

test.each(["webgpu", "cpu"] as const)("the README's example prints what it says (%s)", async (backend) => {
  using engine = await Engine.create({ backend });
  const data = new Float32Array(7 * 32064);
  data[3 * 32064 + 31872] = 12;
  const logits = engine.tensor(data, [7, 32064]);

  const actions = { classes: [31744, 32000] } as const;
  const q = softmax(logits, actions);
  const targets = [31872, 31872, 31872, 31872, 31872, 31872, 31872];
  const loss = crossEntropy(logits, targets, actions);

  // (6 ln 256 + ln(1 + 255 exp(-12))) / 7, and 1 / (1 + 255 exp(-12)).
  expect((await loss.read())[0]?.toFixed(5)).toBe("4.75323");
  expect((await q.read())[3 * 256 + 128]?.toFixed(6)).toBe("0.998436");

  const report = rowStatistics(logits, targets);
  expect((await report.entropy.read())[0]).toBeCloseTo(Math.log(32064), 5);
  expect((await report.rank.read())[3]).toBe(0);
});

test.each(SOME)("the README's distributions print what it says (%s)", async (backend) => {
  using engine = await Engine.create({ backend });
  const grasp = mixture([0.3, 0.7], [normal(-1, 0.2), normal(1, 0.4)]);
  using x = grasp.sample(engine, 2 ** 20, { seed: 7 });
  using density = grasp.logProb(x);
  expect(density.shape).toEqual([2 ** 20]);
  expect((await x.read())[12_345]).toBe(sampleAt(grasp, { seed: 7, index: 12_345 }));
  expect(grasp.logProb(0.5).toFixed(5)).toBe("-1.14057");
  expect([grasp.cdf(0.5).toFixed(6), grasp.icdf(0.5).toFixed(6)]).toEqual(["0.373955", "0.773620"]);

  expect(klDivergence(normal(0, 1), laplace(0, 1)).toFixed(7)).toBe("0.0720932");
  expect(klDivergence(laplace(0, 1), normal(0, 1)).toFixed(6)).toBe("0.225791");
  const k3 = await klEstimate(engine, normal(0, 1), normal(0, 2), { estimator: "k3", samples: 1e6, seed: 1 });
  expect([k3.mean.toFixed(5), k3.warnings[0]?.code]).toEqual(["0.29862", "infinite-variance"]);
  expect(klDivergence(normal(0, 1), normal(0, 2)).toFixed(5)).toBe("0.31815");

  const gradient = await expectationGradient(engine, {
    of: "x^2",
    under: (mean) => normal(mean, 1),
    at: 1,
    estimator: "score",
    baseline: "leaveOneOut",
    samples: 1e6,
    seed: 42,
  });
  expect([gradient.mean[0]?.toFixed(5), gradient.standardError[0]?.toFixed(5)]).toEqual(["1.99708", "0.00463"]);

  const model = linearGaussian({ prior: normal(0, 1), weights: [1], noise: 0.5, observation: [1.2] });
  const bound = await elbo(engine, { model, posterior: normal(0.5, 0.6), samples: 1e6, seed: 1 });
  expect([bound.elbo.mean.toFixed(5), model.logEvidence.toFixed(5)]).toEqual(["-2.24136", "-1.60651"]);
  expect(bound.elbo.standardError.toFixed(4)).toBe("0.0015");
  expect(bound.exact?.gap.toFixed(6)).toBe("0.635107");
  expect(bound.exact?.klPosterior.toFixed(6)).toBe("0.635107");

  const poses = engine.tensor([0, 0, 1, 0, 0, 1], [3, 2]);
  const covariance = [
    [2, 0.3],
    [0.3, 1],
  ];
  const logDensity = await gaussianLogDensity(poses, { mean: [0, 0], covariance }).read();
  expect([...logDensity].map((value) => value.toFixed(5))).toEqual(["-2.16143", "-2.42321", "-2.68499"]);
});

test.each(SOME)("the README's robot heads do what it says (%s)", async (backend) => {
  using engine = await Engine.create({ backend });
  const { labels, clipped } = openvla.actionLabels([0.1, -0.25, 0.5, 0, 0, 1.2, 1]);
  expect(labels).toHaveLength(8);
  expect(clipped).toBe(1);
  const loss = openvla.actionLoss(engine.tensor(new Float32Array(8 * 32_064), [8, 32_064]), labels);
  expect((await loss.read())[0]).toBeCloseTo(Math.log(32_064), 5);
  const times = await pi0.time().sample(engine, 64, { seed: 1 }).read();
  expect(Math.min(...times)).toBeGreaterThan(0.001);
  const latent = engine.tensor(new Float32Array(2 * 32 * 64), [2, 32, 64]);
  expect([...(await dreamer.latentKl(latent, latent).read())]).toEqual([1, 1]);

  const left = multivariateNormal({ mean: [-1, 0], std: [0.2, 0.1] });
  const right = multivariateNormal({ mean: [1, 0], std: [0.2, 0.1] });
  const target = mixture([0.3, 0.7], [left, right]);
  const particles = 2 ** 16;
  const { samples } = flowTransport(engine, target, { particles, seed: 1 });
  const [count = 0] = await assignModes(target, samples).counts.read();
  const { weights } = expectedModes(target, { method: "flow" });
  expect(weights.map((weight) => weight.toFixed(4))).toEqual(["0.2868", "0.7132"]);
  const [weight = 0] = weights;
  expect(Math.abs(count / particles - weight)).toBeLessThan(5 * Math.sqrt((weight * (1 - weight)) / particles));
});
