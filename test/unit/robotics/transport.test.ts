import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { double } from "../../../src/arithmetic/double.ts";
import {
  Engine,
  InputError,
  laplace,
  mixture,
  multivariateNormal,
  normal,
  sampleAt,
  UnsupportedError,
} from "../../../src/index.ts";
import { carry } from "../../../src/robotics/cpu/transport.ts";
import { assignModes, diffusionTransport, flowTransport } from "../../../src/robotics/index.ts";
import { blendOf } from "../../../src/robotics/transport/blend.ts";
import { HEAD } from "../../../src/robotics/transport/maps.ts";
import { planTransport } from "../../../src/robotics/transport/plan.ts";
import { diffusionRun, flowRun, type TransportRun } from "../../../src/robotics/transport/run.ts";
import { unrolled } from "../../../src/robotics/transport/unroll.ts";
import { machineOf } from "../../support/house/every-plan.ts";
import { bimodal, differences, FIRST, HASHES, hashOf, rotated } from "../../support/robotics/transport.ts";

// Thousands of particles, one after another.
vi.setConfig({ testTimeout: 60_000 });

let engine: Engine;
beforeAll(async () => {
  engine = await Engine.create({ backend: "cpu" });
});
afterAll(() => engine.dispose());

const TRANSPORTS = [
  { name: "flow", transport: flowTransport, job: flowRun },
  { name: "diffusion", transport: diffusionTransport, job: diffusionRun },
] as const;

describe.each(TRANSPORTS)("$name", ({ name, transport, job }) => {
  test("has the bits that the GPU has", async () => {
    const samples = await transport(engine, bimodal, { particles: FIRST, seed: 1 }).samples.read();
    expect(hashOf(samples as Float32Array)).toBe(HASHES[name].first);
  });

  test("particle i is a function of the seed, the stream and i", async () => {
    const at = { seed: 9, stream: 3 };
    const whole = await transport(engine, rotated, { ...at, particles: 2_000 }).samples.read();
    for (const [offset, particles] of [
      [0, 1],
      [1, 7],
      [1_021, 970],
      [1_999, 1],
    ] as const) {
      const part = await transport(engine, rotated, { ...at, offset, particles }).samples.read();
      expect(differences(part, whole.subarray(3 * offset, 3 * (offset + particles)))).toBe(0);
    }
    const other = await transport(engine, rotated, { ...at, stream: 4, particles: 2_000 }).samples.read();
    expect(differences(other, whole)).toBeGreaterThan(5_900);
  });

  test("starts at the normals of the sample, and records what the caller asks for", async () => {
    const steps = name === "flow" ? 10 : 20;
    const options = { particles: 9, offset: 2 ** 34 - 3, seed: 2n ** 63n, record: [0, 2, steps] };
    const { samples, trajectory, path, times } = transport(engine, bimodal, options);
    const records = (await trajectory?.read()) as Float32Array;
    const standard = multivariateNormal({ mean: new Array(7).fill(0), std: new Array(7).fill(1) });
    const normals = Array.from({ length: 9 }, (_, i) =>
      sampleAt(standard, { seed: 2n ** 63n, index: 2 ** 34 - 3 + i }),
    ).flat();
    expect(differences(records.subarray(0, 63), normals)).toBe(0);
    expect(differences(records.subarray(126), await samples.read())).toBe(0);
    expect(trajectory?.shape).toEqual([3, 9, 7]);
    expect(path).toHaveLength(steps + 1);
    expect(times).toHaveLength(steps + 1);
    expect(path.at(-1)).toMatchObject({ signal: 1, noise: 0 });
    if (name === "flow") times.forEach((time, s) => void expect(time).toBeCloseTo(1 - s / 10, 15));
    else expect(times).toEqual(Array.from({ length: 21 }, (_, s) => 19 - s));
  });

  test("follows the f64 map within the roundings of each step", () => {
    const line = mixture([0.3, 0.7], [normal(-1, 0.2), normal(0.8, 0.4)]);
    const steps = name === "flow" ? 10 : 20;
    const record = Array.from({ length: steps + 1 }, (_, s) => s);
    const asked = job(line, { particles: 2_048, seed: 21, record });
    const [single, exact] = [carry(asked, "f32").trajectory, carry(asked, "f64").trajectory];
    let worst = 0;
    for (let i = 0; i < asked.particles; i++) {
      const at = (s: number) => exact[s * asked.particles + i] as number;
      let bound = normalError(at(0));
      for (let s = 0; s <= steps; s++) {
        if (s > 0) bound = carriedError(asked, s - 1, at(s - 1), at(s), bound);
        const error = Math.abs((single[s * asked.particles + i] as number) - at(s));
        worst = Math.max(worst, error / bound);
        if (!(error <= bound)) expect.fail(`particle ${i} after ${s} steps: ${error} beyond ${bound}`);
      }
    }
    // The bound is one, not a wish: something comes near it.
    expect(worst).toBeGreaterThan(0.01);
  });
});

const U = 2 ** -24;

/** Of a normal variate: 4 ULP of it and 1e-7 of its radius, which is below 9.5 (shaders/lib/variates.wgsl). */
function normalError(z: number): number {
  return 8 * U * Math.abs(z) + 1e-6;
}

/** Error after step s in one dimension, where x has one of `error`: the map's own spread, and the roundings in it. */
function carriedError(
  { gaussians, walk, noisy }: TransportRun,
  s: number,
  x: number,
  y: number,
  error: number,
): number {
  const { constants } = walk.maps[s] as TransportRun["walk"]["maps"][number];
  const count = gaussians.components.length;
  const blend = blendOf({ size: 1, count, axes: new Float64Array(0) }, double);
  const map = (from: number) => {
    const point = Float64Array.of(from);
    blend.apply(point, constants, 0);
    return point[0] as number;
  };
  const spread = Math.max(Math.abs(map(x + error) - map(x)), Math.abs(map(x - error) - map(x)));
  const parts = Array.from({ length: count }, (_, k) => {
    const own = HEAD + 8 * k;
    const [level = 0, , , , mean = 0, inverse = 0, next = 0, gain = 0] = constants.subarray(own, own + 8);
    const white = (x - mean) * inverse;
    // mean and 1 / std are rounded, and so are their difference and product.
    const whiteError = U * (2 * Math.abs(mean) + Math.abs(x)) * inverse + 3 * U * Math.abs(white);
    const logit = level - (white * white) / 2;
    const logitError = Math.abs(white) * whiteError + 2 * U * white * white + 2 * U * Math.abs(level);
    const out = next + gain * white;
    const outError = U * (2 * Math.abs(next) + 4 * Math.abs(gain * white)) + Math.abs(gain) * whiteError;
    return { logit, logitError, out, outError };
  });
  const peak = Math.max(...parts.map(({ logit }) => logit));
  const shares = parts.map(({ logit }) => Math.exp(logit - peak));
  const mass = shares.reduce((sum, share) => sum + share, 0);
  let rounding = 0;
  parts.forEach(({ logitError, out, outError }, k) => {
    const share = (shares[k] as number) / mass;
    // A share's relative error: its logit's, the difference of logits, exp within 2 ULP, products and sums.
    const relative = logitError + U * Math.abs((parts[k]?.logit ?? 0) - peak) + 8 * U;
    rounding += share * outError + share * relative * Math.abs(out - map(x)) + 6 * U * share * Math.abs(out);
  });
  if (!noisy) return spread + rounding;
  const fresh = constants[0] as number;
  const z = fresh > 0 ? (y - map(x)) / fresh : 0;
  return (
    spread + rounding + fresh * (normalError(z) + 3 * U * Math.abs(z)) + 2 * U * Math.abs(y) + U * Math.abs(map(x))
  );
}

test("modes are told apart, counted, and absent for what is not a number", async () => {
  const target = mixture([0.2, 0, 0.8], [normal(-1, 0.5), normal(0, 0.1), normal(1, 0.5)]);
  const points = engine.tensor(Float32Array.of(-3, -0.2, 0.4, 2, Number.NaN, Number.POSITIVE_INFINITY), [6, 1]);
  const { labels, counts } = assignModes(target, points);
  expect([...(await labels.read())]).toEqual([0, 0, 2, 2, 2 ** 32 - 1, 0]);
  expect([...(await counts.read())]).toEqual([3, 0, 2]);
});

describe("plans", () => {
  const machines = [machineOf(true), machineOf(false)];

  test("cover every particle and step once, each with bounded trips", () => {
    const wide = mixture(
      new Array(8).fill(1 / 8),
      Array.from({ length: 8 }, (_, k) =>
        multivariateNormal({ mean: new Array(32).fill(k), std: new Array(32).fill(1) }),
      ),
    );
    for (const machine of machines) {
      for (const [target, options] of [
        [bimodal, { particles: 2 ** 20, offset: 5 }],
        [bimodal, { particles: 2 ** 20, record: [0, 3, 20] }],
        [wide, { particles: 100_000, steps: 1_000 }],
      ] as const) {
        const job = diffusionRun(target, options);
        const plans = planTransport(job, machine);
        let done = 0;
        for (const { passes } of plans) {
          for (const { kernel, params } of passes) {
            if (kernel.name !== "transport-steps") continue;
            done += (params.particles as number) * (params.steps as number);
            const { size, components } = job.gaussians;
            const trips = (params.steps as number) * (components.length * (1 + 2 * size) + 4 * size);
            expect(trips).toBeLessThanOrEqual(4_096);
          }
        }
        expect(done).toBe(options.particles * job.walk.maps.length);
      }
    }
  });

  test("bind aligned windows of at most the device's largest binding", () => {
    const machine = machineOf(false, { maxStorageBufferBindingSize: 2 ** 20 });
    const plans = planTransport(flowRun(bimodal, { particles: 200_001, record: [4, 10] }), machine);
    expect(plans.length).toBeGreaterThan(10);
    for (const { passes } of plans) {
      for (const { bind } of passes) {
        for (const range of Object.values(bind)) {
          if (typeof range === "string") continue;
          expect(range.offset % 256).toBe(0);
          expect(range.size).toBeLessThanOrEqual(2 ** 20);
        }
      }
    }
  });

  test("other targets, steps and seeds of the same form share every kernel", () => {
    const [machine] = machines;
    if (!machine) return;
    const kernels = (target: Parameters<typeof flowRun>[0], options: Parameters<typeof diffusionRun>[1]) =>
      planTransport(diffusionRun(target, options), machine).map(({ passes }) => passes.at(-1)?.kernel);
    const other = mixture(
      [0.5, 0.4, 0.1],
      [0, 1, 2].map((k) => multivariateNormal({ mean: new Array(7).fill(k), std: new Array(7).fill(1) })),
    );
    const [a, b] = [kernels(bimodal, { particles: 10 }), kernels(other, { particles: 99, steps: 33, seed: 4 })];
    expect(new Set([...a, ...b]).size).toBe(1);
  });

  test("a result that no buffer holds is refused with the way out", () => {
    const options = { particles: 2 ** 31 };
    expect(() => planTransport(flowRun(bimodal, options), machineOf(false))).toThrow(UnsupportedError);
    expect(() => planTransport(flowRun(bimodal, options), machineOf(false))).toThrow(/in parts, with offset/);
  });
});

describe("refuses", () => {
  const wide = (size: number) => multivariateNormal({ mean: new Array(size).fill(0), std: new Array(size).fill(1) });
  const full = (size: number) => {
    const covariance = Array.from({ length: size }, (_, i) =>
      Array.from({ length: size }, (_, j) => (i === j ? 2 : 1)),
    );
    return multivariateNormal({ mean: new Array(size).fill(0), covariance });
  };

  test.each([
    ["no particles", {}, /particles must be a whole number from 1 to 2147483648, got undefined/],
    ["none", { particles: 0 }, /particles must be/],
    ["too many", { particles: 2 ** 31 + 1 }, /particles must be/],
    ["half a step", { particles: 1, steps: 0.5 }, /steps must be a whole number from 1 to 1000/],
    ["too many steps", { particles: 1, steps: 1_001 }, /steps must be/],
    ["a negative seed", { particles: 1, seed: -1 }, /seed must be/],
    ["a stream out of range", { particles: 1, stream: 2 ** 32 }, /stream must be/],
    ["an offset out of range", { particles: 1, offset: 2 ** 53 }, /offset must be/],
    ["records that do not ascend", { particles: 1, record: [3, 3] }, /record must ascend, got 3 after 3/],
    ["records beyond the end", { particles: 1, record: [21] }, /record\[0\] must be a whole number from 0 to/],
    ["another generator", { particles: 1, generator: "xorshift" }, /generator must be one of/],
    ["a misspelt option", { particles: 1, step: 3 }, /there is no option 'step'/],
  ] as const)("%s", (_, options, problem) => {
    for (const { transport } of TRANSPORTS) {
      expect(() => transport(engine, bimodal, options as never)).toThrow(InputError);
      expect(() => transport(engine, bimodal, options as never)).toThrow(problem);
    }
    expect(() => flowTransport(engine, bimodal, { particles: 1 }).samples.dispose()).not.toThrow();
  });

  test.each([
    ["no target", undefined, /must be a mixture of Gaussians, got undefined/],
    ["another family", laplace(0, 1), /must be a mixture of Gaussians, got laplace/],
    [
      "a mixture of others",
      mixture([0.5, 0.5], [laplace(0, 1), laplace(2, 1)]),
      /got laplace as component 0 of the target/,
    ],
    ["33 dimensions", wide(33), /at most 32 coordinates, got 33/],
    [
      "too many full covariances",
      mixture(
        new Array(20).fill(0.05),
        Array.from({ length: 20 }, () => full(32)),
      ),
      /at most 15/,
    ],
    ["a mode that is a point", normal(0, 1e-9), /standard deviations along each axis must be/],
    ["a mode out of sight", normal(1e9, 1), /means must be from -1000000 to 1000000/],
  ] as const)("%s", (_, target, problem) => {
    for (const { transport } of TRANSPORTS) {
      expect(() => transport(engine, target as never, { particles: 1 })).toThrow(InputError);
      expect(() => transport(engine, target as never, { particles: 1 })).toThrow(problem);
    }
  });

  test("clipping at nothing, and points of other dimensions", () => {
    expect(() => diffusionTransport(engine, bimodal, { particles: 1, maxAction: 0 })).toThrow(/maxAction must be a/);
    expect(() => flowTransport(engine, bimodal, { particles: 1, maxAction: 5 } as never)).toThrow(
      /no option 'maxAction'/,
    );
    expect(() => assignModes(bimodal, engine.tensor([1, 2, 3], [1, 3]))).toThrow(
      /must be f32 \[n, 7\] as the target is, got f32 \[1, 3\]/,
    );
    expect(() => assignModes(bimodal, [1] as never)).toThrow(InputError);
  });
});

test("marked loops are written out, others are not", () => {
  const source = [
    "  for (var j = 0u; j < D; j++) { // unrolled",
    "    x[j] += y[k * j];",
    "    for (var i = 0u; i < 4u; i++) { // unrolled",
    "      z[i] = j;",
    "    }",
    "  }",
    "  for (var k = 0u; k < D; k++) {",
    "  }",
    "",
  ].join("\n");
  const got = unrolled(source, 2);
  expect(got).not.toContain("unrolled");
  expect(got).toContain("x[1u] += y[k * 1u];");
  expect(got.match(/z\[3u\] = [01]u;/g)).toHaveLength(2);
  expect(got).toContain("for (var k = 0u; k < D; k++) {");
});
