import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Engine, mixture, multivariateNormal, normal } from "../../../src/index.ts";
import {
  assignModes,
  diffusionTransport,
  expectedModes,
  flowTransport,
  scoreField,
  velocityField,
} from "../../../src/robotics/index.ts";
import { gpuEngine } from "../../support/device.ts";
import { exhaustive } from "../../support/exhaustive.ts";
import {
  bimodal,
  bimodalMiddle,
  bimodalStd,
  differences,
  FEW,
  FIRST,
  HASHES,
  hashOf,
  rotated,
  small,
} from "../../support/robotics/transport.ts";

let gpu: Engine;
let cpu: Engine;

beforeAll(async () => {
  gpu = await gpuEngine();
  cpu = await Engine.create({ backend: "cpu" });
});

afterAll(() => {
  gpu.dispose();
  cpu.dispose();
});

const TRANSPORTS = { flow: flowTransport, diffusion: diffusionTransport } as const;
const METHODS = ["flow", "diffusion"] as const;

/** A mixture of `count` modes in `size` dimensions, each with standard deviations of its own. */
function scattered(count: number, size: number) {
  const list = (of: (c: number) => number) => Array.from({ length: size }, (_, c) => of(c));
  return mixture(
    new Array(count).fill(1 / count),
    Array.from({ length: count }, (_, k) =>
      multivariateNormal({
        mean: list((c) => 2 * Math.sin(5 * k + c)),
        std: list((c) => 0.1 + 0.3 * Math.cos(k + c) ** 2),
      }),
    ),
  );
}

/** Sixteen dimensions with one axis of no coordinate's. */
function wideRotated(size: number) {
  const covariance = Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => (i === j ? 0.5 : 0.2)),
  );
  const mean = new Array<number>(size).fill(0.5);
  return mixture(
    [0.6, 0.4],
    [multivariateNormal({ mean, covariance }), multivariateNormal({ mean: mean.map((x) => -x), std: mean })],
  );
}

const FORMS = [
  { name: "one dimension", target: mixture([0.3, 0.7], [normal(-1, 0.2), normal(1, 0.2)]), particles: 3_001 },
  { name: "one Gaussian", target: normal(0.5, 0.1), particles: 5 },
  { name: "axes of each mode's own", target: rotated, particles: 2_050 },
  { name: "eight modes in 32 dimensions", target: scattered(8, 32), particles: 270 },
  { name: "sixteen dimensions, turned", target: wideRotated(16), particles: 70 },
] as const;

describe.each(METHODS)("%s", (method) => {
  const transport = TRANSPORTS[method];

  // 32 dimensions take long to compile; the seven below have their loops written out as well.
  const forms = FORMS.filter(({ target }) => exhaustive || target.shape[0] !== 32);

  test.each(forms)("has the CPU engine's bits: $name", async ({ target, particles }) => {
    const options = { particles, seed: 2n ** 64n - 5n, stream: 7, offset: 2 ** 34 - 37, record: [0, 1, 5] };
    const [a, b] = [transport(gpu, target, options), transport(cpu, target, options)];
    expect(differences(await a.samples.read(), await b.samples.read())).toBe(0);
    if (!a.trajectory || !b.trajectory) throw new Error("nothing was recorded");
    expect(differences(await a.trajectory.read(), await b.trajectory.read())).toBe(0);
  });

  test("has them in chunks whose buffers start between alignments, and with other adapters' kernels", async () => {
    const options = { particles: 3_333, offset: 3, record: [2, 4] };
    const [a, b] = [transport(small(gpu, 2 ** 14), bimodal, options), transport(cpu, bimodal, options)];
    expect(differences(await a.samples.read(), await b.samples.read())).toBe(0);
    if (!a.trajectory || !b.trajectory) throw new Error("nothing was recorded");
    expect(differences(await a.trajectory.read(), await b.trajectory.read())).toBe(0);
  });

  test("has them with Philox, and after more steps than one invocation takes", async () => {
    const options = { particles: 64, generator: "philox4x32-10", steps: 120 } as const;
    const [a, b] = [transport(gpu, scattered(4, 7), options), transport(cpu, scattered(4, 7), options)];
    expect(differences(await a.samples.read(), await b.samples.read())).toBe(0);
  });
});

const PARTICLES = exhaustive ? 2 ** 20 : FEW;

/** Samples of each mode, told apart by the labels. */
function byMode(samples: Float32Array, labels: Uint32Array, c: number): readonly (readonly number[])[] {
  const groups: number[][] = [[], []];
  for (let i = 0; i < labels.length; i++) groups[labels[i] as number]?.push(samples[7 * i + c] as number);
  return groups;
}

function momentsOf(values: readonly number[]) {
  const n = values.length;
  const mean = values.reduce((sum, x) => sum + x, 0) / n;
  let [second, fourth] = [0, 0];
  for (const x of values) {
    const d = (x - mean) ** 2;
    second += d / n;
    fourth += (d * d) / n;
  }
  const std = Math.sqrt(second);
  return { mean, std, meanError: std / Math.sqrt(n), stdError: Math.sqrt((fourth - second * second) / n) / (2 * std) };
}

describe.each(METHODS)(`${PARTICLES} particles in seven dimensions by %s`, (method) => {
  let samples: Float32Array;
  let labels: Uint32Array;
  let counts: Uint32Array;

  beforeAll(async () => {
    using particles = TRANSPORTS[method](gpu, bimodal, { particles: PARTICLES, seed: 1 }).samples;
    samples = (await particles.read()) as Float32Array;
    const modes = assignModes(bimodal, particles);
    [labels, counts] = (await Promise.all([modes.labels.read(), modes.counts.read()])) as [Uint32Array, Uint32Array];
    modes.labels.dispose();
    modes.counts.dispose();
  }, 120_000);

  test("have the same bits in every browser, and the CPU engine's", () => {
    expect(hashOf(samples.subarray(0, 7 * FIRST))).toBe(HASHES[method].first);
    expect(hashOf(samples.subarray(0, 7 * FEW))).toBe(HASHES[method].few);
    if (exhaustive) expect(hashOf(samples)).toBe(HASHES[method].all);
  });

  test("end in the modes as the same steps take all noise, within 5 standard errors", () => {
    const { weights } = expectedModes(bimodal, { method });
    expect((counts[0] as number) + (counts[1] as number)).toBe(PARTICLES);
    weights.forEach((weight, k) => {
      const error = Math.sqrt((weight * (1 - weight)) / PARTICLES);
      expect(Math.abs((counts[k] as number) / PARTICLES - weight)).toBeLessThan(5 * error);
    });
    if (!exhaustive) return;
    // The steps' own error is many standard errors: a million particles show it.
    const off = Math.abs((counts[0] as number) / PARTICLES - 0.3);
    expect(off).toBeGreaterThan(method === "flow" ? 0.01 : 0.001);
  });

  test("have the same steps' means and standard deviations within each mode", () => {
    const along = expectedModes(bimodal, { method });
    for (let c = 0; c < 7; c++) {
      // Beside the line the modes are one Gaussian, which the steps treat by itself.
      const beside = expectedModes(normal(bimodalMiddle[c] as number, bimodalStd[c] as number), { method });
      byMode(samples, labels, c).forEach((values, k) => {
        const got = momentsOf(values);
        const [mean, std] = c === 0 ? [along.means[k], along.stds[k]] : [beside.means[0], beside.stds[0]];
        expect(Math.abs(got.mean - (mean as number))).toBeLessThan(5 * got.meanError);
        expect(Math.abs(got.std - (std as number))).toBeLessThan(5 * got.stdError);
      });
    }
  });
});

/** Wasserstein distance of first coordinates to the target's: ∫ |difference of quantile functions|. */
function distanceOf(samples: Float32Array): number {
  const target = mixture([0.3, 0.7], [normal(-1, 0.2), normal(1, 0.2)]);
  const sorted = samples.filter((_, k) => k % 7 === 0).sort();
  let sum = 0;
  const step = sorted.length / 512;
  // The middle of each of 512 bins of equal mass.
  for (let k = 0; k < 512; k++)
    sum += Math.abs((sorted[Math.floor((k + 0.5) * step)] as number) - target.icdf((k + 0.5) / 512));
  return sum / 512;
}

describe("more steps come nearer to the target", () => {
  const [few, many] = exhaustive ? [2 ** 15, [5, 10, 20, 40, 80]] : [2 ** 13, [5, 80]];

  test.each(METHODS)("by %s", async (method) => {
    const rows: { steps: number; weight: number; expected: number; distance: number }[] = [];
    for (const steps of many) {
      using particles = TRANSPORTS[method](gpu, bimodal, { particles: few, steps, seed: 2 }).samples;
      const counts = await assignModes(bimodal, particles).counts.read();
      const weight = (counts[0] as number) / few;
      const expected = expectedModes(bimodal, { method, steps }).weights[0] as number;
      expect(Math.abs(weight - expected)).toBeLessThan(5 * Math.sqrt((expected * (1 - expected)) / few));
      rows.push({ steps, weight, expected, distance: distanceOf((await particles.read()) as Float32Array) });
    }
    // What few particles cannot tell: a weight off by its standard error moves that mass from mode to mode, 2 away.
    const noise = 2 * Math.sqrt(0.21 / few);
    rows.slice(1).forEach(({ distance }, k) => {
      expect(distance).toBeLessThan((rows[k]?.distance as number) + noise);
    });
    expect(rows.at(-1)?.distance).toBeLessThan(0.35 * (rows[0]?.distance as number));
  });
});

test("turning the target turns the particles: modes with axes of their own have the same weights", async () => {
  const turn = [
    [2 / 3, 2 / 3, 1 / 3],
    [-2 / 3, 1 / 3, 2 / 3],
    [1 / 3, -2 / 3, 2 / 3],
  ];
  const std = [0.2, 0.5, 0.1];
  // turn^T diag(std^2) turn, and the turned first axis.
  const covariance = turn.map((_, i) =>
    turn.map((_, j) => std.reduce((sum, s, k) => sum + s * s * (turn[k]?.[i] ?? 0) * (turn[k]?.[j] ?? 0), 0)),
  );
  const target = mixture(
    [0.3, 0.7],
    [-1, 1].map((place) => multivariateNormal({ mean: (turn[0] ?? []).map((x) => place * x), covariance })),
  );
  const particles = 2 ** 16;
  using samples = flowTransport(gpu, target, { particles, seed: 3 }).samples;
  const counts = await assignModes(target, samples).counts.read();
  const [expected = 0] = expectedModes(bimodal, { method: "flow" }).weights;
  const error = Math.sqrt((expected * (1 - expected)) / particles);
  expect(Math.abs((counts[0] as number) / particles - expected)).toBeLessThan(5 * error);
});

describe("fields", () => {
  const points = Float32Array.from({ length: 3 * 1_003 }, (_, k) => 3 * Math.sin(k * k));

  test("have the CPU engine's bits, and are the f64 field to f32's digits", async () => {
    const [there, here] = [gpu.tensor(points, [1_003, 3]), cpu.tensor(points, [1_003, 3])];
    for (const field of [velocityField(rotated, 0.4), scoreField(rotated, 0.8)]) {
      const got = (await field(there).read()) as Float32Array;
      expect(differences(got, await field(here).read())).toBe(0);
      for (let i = 0; i < 1_003; i++) {
        const want = field(Array.from(points.subarray(3 * i, 3 * i + 3)));
        // Squared distances reach 200 here, rounded about 30 times, and shift the shares of fields up to 60 in size.
        want.forEach(
          (value, c) =>
            void expect(Math.abs((got[3 * i + c] as number) - value)).toBeLessThan(60 * 200 * 30 * 2 ** -24),
        );
      }
    }
    there.dispose();
    here.dispose();
  });

  test("far away there is no NaN", async () => {
    const far = [1e3, 1e10, 1e19, 1e25, 1e30].flatMap((x) => [x, -x, 0]);
    for (const engine of [gpu, cpu]) {
      const got = await scoreField(rotated, 0.5)(engine.tensor(far, [5, 3])).read();
      expect([...got].every(Number.isFinite)).toBe(true);
    }
  });
});

describe("modes", () => {
  test("are the CPU engine's, NaN and components without weight included", async () => {
    const target = mixture([0.2, 0, 0.8], [normal(-1, 0.5), normal(0, 0.1), normal(1, 0.5)]);
    const data = Float32Array.from({ length: 5_001 }, (_, k) => (k % 97 === 0 ? Number.NaN : 4 * Math.sin(k)));
    const [a, b] = [gpu, cpu].map((engine) => assignModes(target, engine.tensor(data, [5_001, 1])));
    if (!a || !b) throw new Error("two engines");
    expect(await a.labels.read()).toEqual(await b.labels.read());
    const counts = await a.counts.read();
    expect(counts).toEqual(await b.counts.read());
    expect([...counts].reduce((sum, count) => sum + count, 0)).toBe(5_001 - 52);
    expect(counts[1]).toBe(0);
  });

  test("fields and modes of no points are empty", async () => {
    const none = gpu.tensor(new Float32Array(0), [0, 3]);
    expect(await scoreField(rotated, 1)(none).read()).toHaveLength(0);
    expect([...(await assignModes(rotated, none).counts.read())]).toEqual([0, 0, 0]);
  });
});
