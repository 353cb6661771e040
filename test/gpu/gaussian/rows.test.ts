import { describe, expect, test } from "vitest";
import type { Limits, Machine } from "../../../src/engine/plan.ts";
import { planGaussian } from "../../../src/gaussian/gaussian.ts";
import { readGaussian, tensorsOf } from "../../../src/gaussian/options.ts";
import {
  type GaussianParameters,
  gaussianLogDensity,
  type IllConditionedError,
  InputError,
  NotPositiveDefiniteError,
  type Tensor,
} from "../../../src/index.ts";
import { exhaustive } from "../../support/exhaustive.ts";
import {
  choleskyOf,
  matrixTolerance,
  normalSource,
  type Oracle,
  oracleOf,
  randomCovariance,
} from "../../support/gaussian/gaussian.ts";
import { limitsLike, onEach } from "../../support/rows/calls.ts";
import { expectWithin } from "../../support/tolerance.ts";

/** Kernels written out for each size up to 16, and one for all others. */
const sizes = exhaustive ? [1, 2, 3, 4, 5, 6, 7, 8, 16, 33, 64] : [1, 4, 7, 33];

/** Rows, means, and covariances of a condition number, a different one each. */
function problem(seed: number, n: number, d: number, condition: number) {
  const normal = normalSource(seed);
  const covariances = Array.from({ length: n }, () => randomCovariance(normal, d, condition, Math.exp(normal())));
  const mean = Float32Array.from({ length: n * d }, normal);
  const x = mean.map((value) => value + normal());
  return { x, mean, covariances, all: Float32Array.from(covariances.flat()) };
}

const part = (values: Float32Array, row: number, d: number) =>
  values.length === d ? values : values.subarray(row * d, (row + 1) * d);

function expectDensities(got: ArrayLike<number>, want: readonly Oracle[], d: number, condition: number): void {
  expectWithin(
    "gaussianLogDensity",
    got,
    want.map(({ logDensity }) => logDensity),
    (row) => matrixTolerance(want[row] as Oracle, d, condition),
  );
}

onEach((setting, on) => {
  describe.each(exhaustive ? [1, 1e2, 1e5] : [1e5])(
    "condition number %d: agrees with elimination in f64",
    (condition) => {
      test.each(sizes)("for %i coordinates and a matrix a row", async (d) => {
        const { engine } = setting();
        const n = 5;
        const { x, mean, covariances, all } = problem(d + condition, n, d, condition);
        const rows = engine.tensor(x, [n, d]);
        const want = covariances.map((covariance, row) => oracleOf(part(x, row, d), part(mean, row, d), covariance));
        const onGpu = { mean: engine.tensor(mean, [n, d]), covariance: engine.tensor(all, [n, d, d]) };
        expectDensities(await gaussianLogDensity(rows, onGpu).read(), want, d, condition);
        expectDensities(await gaussianLogDensity(rows, { mean, covariance: all }).read(), want, d, condition);
        const lower = covariances.map((covariance) => choleskyOf(covariance, d));
        const ofLower = lower.map(({ product }, row) => oracleOf(part(x, row, d), part(mean, row, d), product));
        const factors = engine.tensor(
          lower.flatMap(({ factor }) => factor),
          [n, d, d],
        );
        expectDensities(await gaussianLogDensity(rows, { mean, scaleTril: factors }).read(), ofLower, d, condition);
      });
    },
  );

  test.each([0, 1, 2, 65, 1_027])("%i rows, a mean that they share", async (n) => {
    const { engine } = setting();
    const d = 3;
    const { x, mean, covariances, all } = problem(n, Math.max(1, n), d, 50);
    const m = mean.slice(0, d);
    const want = covariances.slice(0, n).map((covariance, row) => oracleOf(part(x, row, d), m, covariance));
    const covariance = engine.tensor(all.slice(0, n * d * d), [n, d, d]);
    const rows = engine.tensor(x.slice(0, n * d), [n, d]);
    expectDensities(await gaussianLogDensity(rows, { mean: m, covariance }).read(), want, d, 50);
  });

  describe("refuses the first bad matrix, with its row and pivot,", () => {
    /** Good matrices, but for those of `bad`, of which that of row 4 comes first. */
    function matrices(bad: readonly number[]): number[] {
      const d = Math.sqrt(bad.length);
      const good = Array.from({ length: d * d }, (_, k) => (k % (d + 1) === 0 ? 2 : 0.25));
      return Array.from({ length: 9 }, (_, row) => (row === 4 || row === 7 ? bad : good)).flat();
    }

    async function errors(bad: readonly number[], name: "covariance" | "scaleTril" = "covariance") {
      const { engine } = setting();
      const d = Math.sqrt(bad.length);
      const x = engine.tensor(new Array(9 * d).fill(0), [9, d]);
      const values =
        name === "covariance"
          ? matrices(bad)
          : matrices(bad).map((v, k) => ((k % (d * d)) % d > Math.floor((k % (d * d)) / d) ? 0 : v));
      const later = gaussianLogDensity(x, { mean: 0, [name]: engine.tensor(values, [9, d, d]) });
      const atRead = (await later.read().catch((reason: unknown) => reason)) as IllConditionedError;
      let atCall: unknown;
      try {
        gaussianLogDensity(x, { mean: 0, [name]: values });
      } catch (error) {
        atCall = error;
      }
      return { atRead, atCall: atCall as IllConditionedError };
    }

    const place = { row: 4, pivot: 1 };

    test("not positive definite: at the read, or on the host at the call", async () => {
      const { atRead, atCall } = await errors([1, 2, 2, 1]);
      expect(atRead).toBeInstanceOf(NotPositiveDefiniteError);
      expect(atRead).toMatchObject({ code: "not-positive-definite", ...place });
      expect(atRead.message).toBe(
        "gaussianLogDensity: covariance must be positive definite; row 4's is not, at pivot 1",
      );
      expect(atCall).toMatchObject({ code: "not-positive-definite", ...place });
      expect(await errors([1, 0, 1, -1], "scaleTril")).toMatchObject({
        atRead: { code: "not-positive-definite", ...place },
        atCall: { code: "not-positive-definite", ...place },
      });
    });

    test("singular, by an exact zero", async () => {
      const { atRead, atCall } = await errors([1, 1, 1, 1]);
      for (const error of [atRead, atCall]) expect(error).toMatchObject({ code: "not-positive-definite", ...place });
    });

    test.each(exhaustive ? [2, 7, 16, 40] : [7, 40])(
      "too close to singular, of %i coordinates; half as close will do",
      async (d) => {
        const normal = normalSource(d);
        const { atRead, atCall } = await errors(randomCovariance(normal, d, 3.4e5));
        expect(atRead).toMatchObject({ code: "ill-conditioned", row: 4 });
        expect(atCall).toMatchObject({ code: "ill-conditioned", row: 4, pivot: atRead.pivot });
        expect(Math.abs((atCall.condition as number) / 3.4e5 - 1)).toBeLessThan(0.1);
        const fine = await errors(randomCovariance(normal, d, 8e4));
        expect(fine.atRead).toHaveLength(9);
        expect(fine.atCall).toBeUndefined();
      },
    );

    test("Hilbert's matrix of 6", async () => {
      const hilbert = Array.from({ length: 36 }, (_, k) => Math.fround(1 / (Math.floor(k / 6) + (k % 6) + 1)));
      const { atRead, atCall } = await errors(hilbert);
      for (const error of [atRead, atCall]) expect(error).toMatchObject({ code: "ill-conditioned", row: 4 });
      expect(atCall.condition).toBeGreaterThan(1.3e7);
    });

    test("not symmetric, beyond roundings", async () => {
      const { atRead, atCall } = await errors([2, 0.5, 0.50001, 2]);
      for (const error of [atRead, atCall]) expect(error).toBeInstanceOf(InputError);
      expect(atRead.message).toBe(
        "gaussianLogDensity: covariance must be symmetric and finite; row 4's is not, in its row 1",
      );
      expect(atCall.message).toMatch(/^gaussianLogDensity: covariance of row 4 must be symmetric, got 0\.50001\d* at/);
      expect((await errors([2, 0.5, 0.5 + 2 ** -22, 2])).atRead).toHaveLength(9);
    });

    test("not finite", async () => {
      const { atRead, atCall } = await errors([2, Number.NaN, Number.NaN, 2]);
      expect(atRead.message).toContain("symmetric and finite; row 4's is not");
      expect(atCall.message).toContain("covariance of row 4 must hold finite numbers, got NaN at [0, 1]");
    });
  });

  if (on === "webgpu") {
    describe("on machines that this is not", () => {
      async function on(machineOf: (limits: Limits) => Machine, x: Tensor, parameters: GaussianParameters) {
        const read = readGaussian(x, parameters, "gaussianLogDensity");
        const plan = planGaussian(read, { root: false, gradients: [] }, machineOf(x.engine.limits));
        return { plan, got: await x.engine.run(plan, tensorsOf(x, parameters, read.name)).y.read() };
      }

      test.each(exhaustive ? [2, 8, 9, 16] : [2, 9])("a GPU's layouts of %i coordinates", async (d) => {
        const { engine } = setting();
        const n = 70;
        const { x, mean, covariances, all } = problem(d, n, d, 1e3);
        const rows = engine.tensor(x, [n, d]);
        const want = covariances.map((covariance, row) => oracleOf(part(x, row, d), part(mean, row, d), covariance));
        const gpu = (limits: Limits) => ({ limits, software: false });
        const { got } = await on(gpu, rows, { mean, covariance: engine.tensor(all, [n, d, d]) });
        expectDensities(got, want, d, 1e3);
        const [one = []] = covariances;
        const shared = await on(gpu, rows, { mean, covariance: one });
        const wanted = covariances.map((_, row) => oracleOf(part(x, row, d), part(mean, row, d), one));
        expectDensities(shared.got, wanted, d, 1e3);
      });

      test("matrices that exceed one binding, in pieces", async () => {
        const { engine } = setting();
        const [n, d] = [500, 4];
        const { x, mean, covariances, all } = problem(1, n, d, 10);
        const small = (limits: Limits) => ({
          limits: limitsLike(limits, { maxStorageBufferBindingSize: 8_192 }),
          software: true,
        });
        const rows = engine.tensor(x, [n, d]);
        const { plan, got } = await on(small, rows, { mean, covariance: engine.tensor(all, [n, d, d]) });
        expect(plan.passes).toHaveLength(4);
        const want = covariances.map((covariance, row) => oracleOf(part(x, row, d), part(mean, row, d), covariance));
        expectDensities(got, want, d, 10);
        all[450 * d * d] = -1;
        const bad = on(small, rows, { mean, covariance: engine.tensor(all, [n, d, d]) });
        await expect(bad).rejects.toMatchObject({ code: "not-positive-definite", row: 450, pivot: 0 });
      });
    });
  }
});
