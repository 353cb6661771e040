import { describe, expect, test } from "vitest";
import type { Limits, Machine } from "../../../src/engine/plan.ts";
import { planGaussian } from "../../../src/gaussian/gaussian.ts";
import { readGaussian, tensorsOf } from "../../../src/gaussian/options.ts";
import {
  Engine,
  type GaussianParameters,
  gaussianLogDensity,
  InputError,
  mahalanobis,
  type Tensor,
} from "../../../src/index.ts";
import { normals } from "../../golden/gaussian/gaussian.ts";
import { exhaustive } from "../../support/exhaustive.ts";
import {
  diagonalOf,
  diagonalTolerance,
  distanceTolerance,
  normalSource,
  type Oracle,
  oracleOf,
} from "../../support/gaussian/gaussian.ts";
import { limitsLike, onEach } from "../../support/rows/calls.ts";
import { expectWithin } from "../../support/tolerance.ts";

/** Rows about a mean, with spreads over a factor of a thousand, all in numbers that f32 has. */
function problem(seed: number, n: number, d: number) {
  const normal = normalSource(seed);
  const std = Float32Array.from({ length: n * d }, () => Math.exp(1.2 * normal()));
  const mean = Float32Array.from({ length: n * d }, () => 3 * normal());
  const x = Float32Array.from(
    { length: n * d },
    (_, k) => (mean[k % d] as number) + 2 * (std[k % d] as number) * normal(),
  );
  return { x, mean, std, variance: std.map((value) => value * value) };
}

/** What is right for each row; parameters of d values are shared. */
function oracles(x: Float32Array, mean: Float32Array, variance: ArrayLike<number>, d: number): Oracle[] {
  return Array.from({ length: x.length / d }, (_, row) => {
    const of = (values: ArrayLike<number>) =>
      Array.from({ length: d }, (_, i) => values[(values.length === d ? 0 : row * d) + i] as number);
    return oracleOf(of(x), of(mean), diagonalOf(of(variance)));
  });
}

function expectDensities(got: ArrayLike<number>, want: readonly Oracle[], d: number): void {
  expectWithin(
    "gaussianLogDensity",
    got,
    want.map(({ logDensity }) => logDensity),
    (row) => diagonalTolerance(want[row] as Oracle, d),
  );
}

const squares = (values: Float32Array) => Float64Array.from(values, (value) => value * value);

/** Each has kernels of its own up to 16. */
const sizes = exhaustive ? [1, 2, 3, 4, 5, 6, 7, 8, 16, 17, 32, 64] : [1, 3, 8, 17, 64];

onEach((setting, on) => {
  describe("agrees with elimination in f64", () => {
    test.each(sizes)("for %i coordinates and parameters that all rows share", async (d) => {
      const { engine } = setting();
      const n = 11;
      const { x, mean, std, variance } = problem(d, n, d);
      const [m, s, v] = [mean.slice(0, d), std.slice(0, d), variance.slice(0, d)];
      const rows = engine.tensor(x, [n, d]);
      const want = oracles(x, m, squares(s), d);
      expectDensities(await gaussianLogDensity(rows, { mean: m, std: s }).read(), want, d);
      expectDensities(await gaussianLogDensity(rows, { mean: [...m], variance: [...squares(s)] }).read(), want, d);
      const [onGpu, spread] = [engine.tensor(m, [d]), engine.tensor(s, [d])];
      expectDensities(await gaussianLogDensity(rows, { mean: onGpu, std: s }).read(), want, d);
      expectDensities(await gaussianLogDensity(rows, { mean: onGpu, std: spread }).read(), want, d);
      const ofVariance = oracles(x, m, v, d);
      const wide = engine.tensor(v, [d]);
      expectDensities(await gaussianLogDensity(rows, { mean: [...m], variance: wide }).read(), ofVariance, d);
    });

    test.each(sizes)("for %i coordinates and parameters of each row's own", async (d) => {
      const { engine } = setting();
      const n = 9;
      const { x, mean, std, variance } = problem(100 + d, n, d);
      const rows = engine.tensor(x, [n, d]);
      const want = oracles(x, mean, squares(std), d);
      const [onGpu, spread] = [engine.tensor(mean, [n, d]), engine.tensor(std, [n, d])];
      expectDensities(await gaussianLogDensity(rows, { mean: onGpu, std: spread }).read(), want, d);
      expectDensities(await gaussianLogDensity(rows, { mean, std }).read(), want, d);
      const wide = engine.tensor(variance, [n, d]);
      expectDensities(
        await gaussianLogDensity(rows, { mean, variance: wide }).read(),
        oracles(x, mean, variance, d),
        d,
      );
      const shared = mean.slice(0, d);
      expectDensities(
        await gaussianLogDensity(rows, { mean: shared, std: spread }).read(),
        oracles(x, shared, squares(std), d),
        d,
      );
      const one = std.slice(0, d);
      const wantOne = oracles(x, mean, squares(one), d);
      expectDensities(await gaussianLogDensity(rows, { mean: onGpu, std: one }).read(), wantOne, d);
      expectDensities(await gaussianLogDensity(rows, { mean, std: engine.tensor(one, [d]) }).read(), wantOne, d);
    });

    test.each([0, 1, 2, 3, 4, 5, 63, 64, 65, 4_099])("for %i rows", async (n) => {
      const { engine } = setting();
      const { x, mean, std } = problem(7, Math.max(1, n), 7);
      const rows = x.slice(0, 7 * n);
      const [m, s] = [mean.slice(0, 7), std.slice(0, 7)];
      const want = oracles(rows, m, squares(s), 7);
      expectDensities(await gaussianLogDensity(engine.tensor(rows, [n, 7]), { mean: m, std: s }).read(), want, 7);
    });

    test("for a number as mean and std", async () => {
      const { engine } = setting();
      const { x } = problem(8, 6, 3);
      const want = oracles(x, new Float32Array(3).fill(0.5), new Float64Array(3).fill(4), 3);
      expectDensities(await gaussianLogDensity(engine.tensor(x, [6, 3]), { mean: 0.5, std: 2 }).read(), want, 3);
      expectDensities(await gaussianLogDensity(engine.tensor(x, [6, 3]), { mean: 0.5, variance: 4 }).read(), want, 3);
    });

    test("for 1,000 coordinates", async () => {
      const { engine } = setting();
      const d = 1_000;
      const { x, mean, std } = problem(9, 3, d);
      const [m, s] = [mean.slice(0, d), std.slice(0, d)];
      const got = await gaussianLogDensity(engine.tensor(x, [3, d]), { mean: m, std: s }).read();
      for (let row = 0; row < 3; row++) {
        let [q, logs, sizes] = [0, 0, 0];
        for (let i = 0; i < d; i++) {
          q += (((x[row * d + i] as number) - (m[i] as number)) / (s[i] as number)) ** 2;
          logs += Math.log(s[i] as number);
          sizes += Math.abs(Math.log(s[i] as number));
        }
        const constant = (d / 2) * Math.log(2 * Math.PI);
        const want = -q / 2 - logs - constant;
        expect(Math.abs((got[row] as number) - want)).toBeLessThanOrEqual(1e-5 * (q / 2 + sizes + constant));
      }
    });

    test("for leading dimensions, and none", async () => {
      const { engine } = setting();
      const { x, mean, std } = problem(10, 6, 4);
      const cube = gaussianLogDensity(engine.tensor(x, [2, 3, 4]), { mean: mean.slice(0, 4), std: std.slice(0, 4) });
      expect(cube.shape).toEqual([2, 3]);
      const want = oracles(x, mean.slice(0, 4), squares(std.slice(0, 4)), 4);
      expectDensities(await cube.read(), want, 4);
      const one = gaussianLogDensity(engine.tensor(x.slice(0, 4), [4]), {
        mean: mean.slice(0, 4),
        std: std.slice(0, 4),
      });
      expect(one.shape).toEqual([]);
      expectDensities(await one.read(), want.slice(0, 1), 4);
    });

    test("for the distance", async () => {
      const { engine } = setting();
      for (const d of [1, 7, 32]) {
        const { x, mean, std } = problem(d, 10, d);
        const want = oracles(x, mean.slice(0, d), squares(std.slice(0, d)), d);
        const parameters = { mean: mean.slice(0, d), std: std.slice(0, d) };
        const got = await mahalanobis(engine.tensor(x, [10, d]), parameters).read();
        const distances = want.map(({ distance }) => distance);
        expectWithin("mahalanobis", got, distances, (row) => distanceTolerance(want[row] as Oracle, d, 0));
      }
    });
  });

  test.each(normals)("golden: scipy.stats.norm.logpdf($x, $mean, $std)", async ({ x, mean, std, logDensity }) => {
    const { engine } = setting();
    const [got] = await gaussianLogDensity(engine.tensor([x], [1, 1]), { mean: [mean], std: [std] }).read();
    const [want] = oracles(Float32Array.of(x), Float32Array.of(mean), [std * std], 1);
    expectWithin("logpdf", [got as number], [logDensity], () => diagonalTolerance(want as Oracle, 1));
  });

  // All sizes': each that is tried here compiles as it comes.
  test.runIf(exhaustive)("its pipelines compile ahead", async () => {
    const { engine } = setting();
    await expect(engine.prepare([gaussianLogDensity])).resolves.toBeUndefined();
  });

  describe("edges", () => {
    const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

    test("NaN gives NaN, infinities -Inf, or as a distance +Inf; other rows are not touched", async () => {
      const { engine } = setting();
      const values = [0, 0, nan, 0, inf, 0, 0, -inf, inf, nan, inf, -inf, 0, 0];
      const x = engine.tensor(values, [7, 2]);
      const clean = -Math.log(2 * Math.PI);
      for (const std of [[1, 1], engine.tensor([1, 1], [2]), engine.tensor(new Array(14).fill(1), [7, 2])]) {
        const got = await gaussianLogDensity(x, { mean: 0, std }).read();
        expect([...got].map((value) => Math.fround(value))).toEqual(
          [clean, nan, -inf, -inf, nan, -inf, clean].map((value) => Math.fround(value)),
        );
        expect([...(await mahalanobis(x, { mean: 0, std }).read())]).toEqual([0, nan, inf, inf, nan, inf, 0]);
      }
    });

    test("spreads from 2^-100 to 2^100 keep their accuracy", async () => {
      const { engine } = setting();
      const std = [2 ** -100, 2 ** 100];
      const x = Float32Array.of(1.5 * 2 ** -100, -0.75 * 2 ** 100);
      const [got] = await gaussianLogDensity(engine.tensor(x, [1, 2]), { mean: 0, std }).read();
      const want = -0.5 * (2.25 + 0.5625) - Math.log(2 * Math.PI);
      expect(Math.abs((got as number) - want)).toBeLessThanOrEqual(1e-5 * (Math.abs(want) + 200 * Math.LN2));
    });
  });

  describe("refuses", () => {
    test("a std or variance in a GPU buffer that is not positive, at the next read, with its row and place", async () => {
      const { engine } = setting();
      const x = engine.tensor(new Float32Array(12), [4, 3]);
      for (const wrong of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
        const std = new Float32Array(12).fill(1);
        std[7] = wrong;
        std[10] = wrong;
        for (const name of ["std", "variance"] as const) {
          const y = gaussianLogDensity(x, { mean: 0, [name]: engine.tensor(std, [4, 3]) });
          await expect(y.read()).rejects.toThrow(
            `gaussianLogDensity: ${name} must be positive numbers, 2^-126 to 2^126; row 2 has another at 1`,
          );
          const shared = gaussianLogDensity(x, { mean: 0, [name]: engine.tensor(std.slice(6, 9), [3]) });
          const error = await shared.read().catch((reason: unknown) => reason);
          expect(error).toBeInstanceOf(InputError);
          expect((error as InputError).code).toBe("bad-data");
          expect((error as InputError).message).toContain("it has another at 1");
        }
      }
      const fine = gaussianLogDensity(x, { mean: 0, std: engine.tensor(new Float32Array(12).fill(1), [4, 3]) });
      await expect(fine.read()).resolves.toHaveLength(4);
    });
  });

  if (on === "webgpu") {
    describe("on machines that this is not", () => {
      async function on(machineOf: (limits: Limits) => Machine, x: Tensor, parameters: GaussianParameters) {
        const read = readGaussian(x, parameters, "gaussianLogDensity");
        const plan = planGaussian(read, { root: false, gradients: [] }, machineOf(x.engine.limits));
        return { plan, got: await x.engine.run(plan, tensorsOf(x, parameters, read.name)).y.read() };
      }

      test.each(exhaustive ? [1, 7, 16, 17, 300, 1_000] : [7, 17, 300])(
        "a GPU's layouts of %i coordinates",
        async (d) => {
          const { engine } = setting();
          const n = 29;
          const { x, mean, std } = problem(d, n, d);
          const [m, s] = [mean.slice(0, d), std.slice(0, d)];
          const rows = engine.tensor(x, [n, d]);
          const want = oracles(x.subarray(0, d > 64 ? 0 : n * d), m, squares(s), d);
          const gpu = (limits: Limits) => ({ limits, software: false });
          const [shared, own] = [
            await on(gpu, rows, { mean: m, std: s }),
            await on(gpu, rows, {
              mean: m,
              std: engine.tensor(
                Float32Array.from(x, (_, k) => s[k % d] as number),
                [n, d],
              ),
            }),
          ];
          if (d <= 64) {
            expectDensities(shared.got, want, d);
            expectDensities(own.got, want, d);
          } else {
            const cpu = await Engine.create({ backend: "cpu" });
            const right = await gaussianLogDensity(cpu.tensor(x, [n, d]), { mean: m, std: s }).read();
            for (const { got } of [shared, own]) {
              // Terms of one sign outweigh the others here, so the sum is as large as its terms.
              expectWithin("lanes", got, right, (row) => 2e-5 * Math.abs(right[row] as number));
            }
            cpu.dispose();
          }
        },
      );

      test("rows that exceed one binding, in pieces", async () => {
        const { engine } = setting();
        const n = 700;
        const { x, mean, std } = problem(3, n, 7);
        const rows = engine.tensor(x, [n, 7]);
        const small = (limits: Limits) => ({
          limits: limitsLike(limits, { maxStorageBufferBindingSize: 4_096 }),
          software: true,
        });
        const [m, s] = [mean.slice(0, 7), std.slice(0, 7)];
        const shared = await on(small, rows, { mean: m, std: s });
        expect(shared.plan.passes.length).toBeGreaterThan(5);
        expectDensities(shared.got, oracles(x, m, squares(s), 7), 7);
        const own = await on(small, rows, { mean: engine.tensor(mean, [n, 7]), std: engine.tensor(std, [n, 7]) });
        expectDensities(own.got, oracles(x, mean, squares(std), 7), 7);
        std[650 * 7 + 2] = -1;
        const bad = on(small, rows, { mean: engine.tensor(mean, [n, 7]), std: engine.tensor(std, [n, 7]) });
        await expect(bad).rejects.toThrow("row 650 has another at 2");
      });

      test("records into the caller's encoder, from a view of the caller's buffer", async () => {
        const { engine } = setting();
        const { device } = engine;
        if (!device) throw new Error("no device");
        const { x, mean, std } = problem(4, 9, 5);
        const buffer = device.createBuffer({ size: 256 + x.byteLength, usage: 0x80 | 0x8 });
        device.queue.writeBuffer(buffer, 256, x);
        const view = engine.view(buffer, { shape: [9, 5], byteOffset: 256 });
        const parameters = { mean: mean.slice(0, 5), std: std.slice(0, 5) };
        const encoder = device.createCommandEncoder();
        const y = gaussianLogDensity.encode(encoder, view, parameters);
        device.queue.submit([encoder.finish()]);
        expectDensities(await y.read(), oracles(x, parameters.mean, squares(parameters.std), 5), 5);
        y.dispose();
        buffer.destroy();
      });
    });
  }
});
