import { describe, expect, test } from "vitest";
import {
  gaussianLogDensity,
  IllConditionedError,
  InputError,
  mahalanobis,
  NotPositiveDefiniteError,
} from "../../../src/index.ts";
import { gaussians } from "../../golden/gaussian/gaussian.ts";
import { exhaustive } from "../../support/exhaustive.ts";
import {
  choleskyOf,
  distanceTolerance,
  matrixTolerance,
  normalSource,
  type Oracle,
  oracleOf,
  randomCovariance,
} from "../../support/gaussian/gaussian.ts";
import { onEach } from "../../support/rows/calls.ts";
import { expectWithin } from "../../support/tolerance.ts";

/** Kernels written out for each size up to 16, in groups of four rows, and one for all others. */
const sizes = exhaustive ? [1, 2, 3, 4, 5, 6, 7, 8, 16, 32, 64] : [1, 4, 7, 33];

/** Rows, means, and covariances of a condition number, a different one each. */
function problem(seed: number, n: number, d: number, condition: number) {
  const normal = normalSource(seed);
  const covariances = Array.from({ length: n }, () => randomCovariance(normal, d, condition, Math.exp(normal())));
  const mean = Float32Array.from({ length: n * d }, normal);
  const x = mean.map((value) => value + normal());
  return { x, mean, covariances, all: Float32Array.from(covariances.flat()) };
}

const part = (values: Float32Array, row: number, d: number) => values.subarray(row * d, (row + 1) * d);

function expectDensities(got: ArrayLike<number>, want: readonly Oracle[], d: number, condition: number): void {
  expectWithin(
    "gaussianLogDensity",
    got,
    want.map(({ logDensity }) => logDensity),
    (row) => matrixTolerance(want[row] as Oracle, d, condition),
  );
}

onEach((setting) => {
  describe.each(exhaustive ? [1, 1e2, 1e5] : [1e2])(
    "condition number %d: agrees with elimination in f64",
    (condition) => {
      test.each(sizes)("for %i coordinates and a matrix that all rows share", async (d) => {
        const { engine } = setting();
        const n = 7;
        const { x, mean, covariances } = problem(d + condition, n, d, condition);
        const [covariance = []] = covariances;
        const m = mean.slice(0, d);
        const rows = engine.tensor(x, [n, d]);
        const want = Array.from({ length: n }, (_, row) => oracleOf(part(x, row, d), m, covariance));
        const nested = Array.from({ length: d }, (_, i) => covariance.slice(i * d, (i + 1) * d));
        expectDensities(await gaussianLogDensity(rows, { mean: m, covariance: nested }).read(), want, d, condition);
        const onGpu = engine.tensor(covariance, [d, d]);
        const mixed = { mean: engine.tensor(m, [d]), covariance: onGpu };
        expectDensities(await gaussianLogDensity(rows, mixed).read(), want, d, condition);
        const lower = choleskyOf(covariance, d);
        const ofLower = Array.from({ length: n }, (_, row) =>
          oracleOf(part(x, row, d), part(mean, row, d), lower.product),
        );
        const own = { mean, scaleTril: lower.factor };
        expectDensities(await gaussianLogDensity(rows, own).read(), ofLower, d, condition);
        const scale = { mean: engine.tensor(mean, [n, d]), scaleTril: engine.tensor(lower.factor, [d, d]) };
        expectDensities(await gaussianLogDensity(rows, scale).read(), ofLower, d, condition);
        if (d > 16) return;
        const got = await mahalanobis(rows, { mean: m, covariance }).read();
        const distances = want.map(({ distance }) => distance);
        expectWithin("mahalanobis", got, distances, (row) => distanceTolerance(want[row] as Oracle, d, condition));
      });
    },
  );

  test.each(gaussians)("golden: SciPy's multivariate_normal.logpdf and mahalanobis", async (golden) => {
    const { engine } = setting();
    const d = golden.x.length;
    const covariance = golden.covariance.flat();
    const x = engine.tensor([...golden.x], [1, d]);
    const right = oracleOf(golden.x, golden.mean, covariance);
    // Whatever the condition number is, the golden value and f64 elimination agree far better than f32 can.
    expect(Math.abs(right.logDensity - golden.logDensity)).toBeLessThan(1e-9 * right.size);
    const condition = 1e5;
    const own = { mean: [...golden.mean], covariance: engine.tensor(covariance, [1, d, d]) };
    for (const parameters of [{ mean: [...golden.mean], covariance }, own]) {
      const [got] = await gaussianLogDensity(x, parameters).read();
      expectDensities([got as number], [{ ...right, logDensity: golden.logDensity }], d, condition);
      const [distance] = await mahalanobis(x, parameters).read();
      const room = distanceTolerance(right, d, condition);
      expect(Math.abs((distance as number) - golden.distance)).toBeLessThanOrEqual(room);
    }
  });

  describe("edges", () => {
    const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
    const covariance = [2, 0.5, 0, 0.5, 1, 0, 0, 0, 1];

    test("NaN gives NaN, infinities -Inf, or as a distance +Inf; other rows are not touched", async () => {
      const { engine } = setting();
      const x = engine.tensor([0, 0, 0, 0, nan, 0, inf, 0, 0, 0, -inf, inf, inf, nan, 0, 0, 0, 0], [6, 3]);
      const matrices = engine.tensor(Array.from({ length: 6 }, () => covariance).flat(), [6, 3, 3]);
      const clean = -0.5 * Math.log(1.75) - 1.5 * Math.log(2 * Math.PI);
      for (const given of [covariance, engine.tensor(covariance, [3, 3]), matrices]) {
        const got = [...(await gaussianLogDensity(x, { mean: 0, covariance: given }).read())];
        expect(got.slice(1, 5)).toEqual([nan, -inf, -inf, nan]);
        expect(Math.abs((got[0] as number) - clean)).toBeLessThan(1e-5);
        expect(got[5]).toBe(got[0]);
        expect([...(await mahalanobis(x, { mean: 0, covariance: given }).read())]).toEqual([0, nan, inf, inf, nan, 0]);
      }
    });

    test("no rows need no work, but good parameters", async () => {
      const { engine } = setting();
      const none = engine.tensor([], [0, 3]);
      expect([...(await gaussianLogDensity(none, { mean: 0, covariance }).read())]).toEqual([]);
      expect([
        ...(await gaussianLogDensity(none, { mean: 0, covariance: engine.tensor([], [0, 3, 3]) }).read()),
      ]).toEqual([]);
      expect(() => gaussianLogDensity(none, { mean: 0, covariance: new Array(9).fill(-1) })).toThrow(
        NotPositiveDefiniteError,
      );
    });
  });

  describe("refuses at the next read, of a matrix in a GPU buffer that all rows share,", () => {
    async function errorOf(values: readonly number[], name: "covariance" | "scaleTril" = "covariance") {
      const { engine } = setting();
      const d = Math.sqrt(values.length);
      const x = engine.tensor(new Array(d).fill(0), [1, d]);
      const y = gaussianLogDensity(x, { mean: 0, [name]: engine.tensor(values, [d, d]) });
      return (await y.read().catch((reason: unknown) => reason)) as IllConditionedError;
    }

    test("one that is not positive definite, with the pivot", async () => {
      const error = await errorOf([1, 2, 0, 2, 1, 0, 0, 0, 1]);
      expect(error).toBeInstanceOf(NotPositiveDefiniteError);
      expect(error).toMatchObject({ code: "not-positive-definite", pivot: 1, row: undefined });
      expect(error.message).toBe("gaussianLogDensity: covariance must be positive definite; it is not, at pivot 1");
      expect(await errorOf([1, 0, 5, -2], "scaleTril")).toMatchObject({ code: "not-positive-definite", pivot: 1 });
    });

    test("one that is too close to singular", async () => {
      const error = await errorOf([1, 0.999999, 0.999999, 1]);
      expect(error).toBeInstanceOf(IllConditionedError);
      expect(error.code).toBe("ill-conditioned");
      expect(await errorOf([1, 0, 0, 1e-3], "scaleTril")).toBeInstanceOf(IllConditionedError);
    });

    test("one that is not symmetric or finite", async () => {
      const skewed = await errorOf([1, 0.5, 0.25, 0.5, 1, 0.5, 0.2500008, 0.4, 1]);
      expect(skewed).toBeInstanceOf(InputError);
      expect(skewed.code).toBe("bad-data");
      expect(skewed.message).toBe(
        "gaussianLogDensity: covariance must be symmetric and finite; it is not, in its row 2",
      );
      expect((await errorOf([1, Number.NaN, Number.NaN, 1])).code).toBe("bad-data");
      expect((await errorOf([1, 0, Number.NaN, 1], "scaleTril")).code).toBe("bad-data");
    });

    test("but does not read what is above the diagonal of a factor", async () => {
      const { engine } = setting();
      const scaleTril = engine.tensor([1, Number.NaN, 0.5, 1], [2, 2]);
      const y = gaussianLogDensity(engine.tensor([0, 0], [1, 2]), { mean: 0, scaleTril });
      const [got] = await y.read();
      expect(got).toBe(Math.fround(-Math.log(2 * Math.PI)));
    });
  });
});
