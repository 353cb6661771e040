import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { badRowOf, errorOf } from "../../../src/engine/checks.ts";
import { conditionOf, factorise, weakest } from "../../../src/gaussian/factor.ts";
import { rowRangesOf } from "../../../src/gaussian/ranges.ts";
import {
  Engine,
  gaussianLogDensity,
  gaussianLogDensityWithGradient,
  gaussianNll,
  IllConditionedError,
  InputError,
  NotPositiveDefiniteError,
  type Tensor,
} from "../../../src/index.ts";
import { normalSource, randomCovariance } from "../../support/gaussian/gaussian.ts";
import { machineOf } from "../../support/house/every-plan.ts";

let engine: Engine;
let x: Tensor;
beforeAll(async () => {
  engine = await Engine.create({ backend: "cpu" });
  x = engine.tensor(new Array(6).fill(0), [2, 3]);
});
afterAll(() => engine.dispose());

const of = { where: "test", name: "covariance" } as const;

describe("gaussianLogDensity refuses at the call", () => {
  const good = { mean: [0, 0, 0], std: [1, 1, 1] };

  test("nothing that is right", () => {
    expect(() => gaussianLogDensity(x, good)).not.toThrow();
    expect(() => gaussianLogDensity(x, { mean: 0, variance: 2 })).not.toThrow();
    expect(() => gaussianLogDensity(x, { mean: new Array(6).fill(1), std: new Float32Array(6).fill(1) })).not.toThrow();
  });

  test.each([
    [{ mean: [0, 0] }, "needed exactly one of std, variance, covariance and scaleTril, got none"],
    [{ ...good, variance: 1 }, "got std and variance"],
    [{ std: 1 }, "needed a mean, got none"],
    [{ ...good, mean: [0, 0] }, "mean must be [3] or [2, 3] (one a row), got 2 numbers"],
    [{ ...good, mean: [0, Number.NaN, 0] }, "mean[1] must be a finite number that f32 can hold, got NaN"],
    [{ ...good, mean: "0" }, "mean must be [3] or [2, 3] (one a row), got string"],
    [{ mean: 0, std: 0 }, "std[0] must be a positive number, 2^-126 to 2^126, got 0"],
    [{ mean: 0, std: [1, 1, -1] }, "std[2] must be a positive number"],
    [{ mean: 0, variance: [1, 1, 1, 1, Number.NaN, 1] }, "variance[1, 1] must be a positive number"],
    [{ mean: 0, std: [1, 1, 2 ** 127] }, "got 1.7"],
    [{ mean: 0, covariance: 1 }, "covariance must be [3, 3] or [2, 3, 3] (one a row), got number"],
    [{ mean: 0, covariance: [1, 0, 0, 1] }, "got 4 numbers"],
    [
      {
        mean: 0,
        covariance: [
          [1, 0, 0],
          [0, 1, 0],
          [0, 0, "1"],
        ],
      },
      "got something else than numbers",
    ],
    [
      { mean: 0, scaleTril: [1, 0, 0.5, 0, 1, 0, 0, 0, 1] },
      "scaleTril must be 0 above its diagonal, got 0.5 at [0, 2]",
    ],
    [
      { mean: 0, covariance: [1, 0, 0, 0, 1, 0.1, 0, 0.2, 1] },
      "covariance must be symmetric, got 0.2 at [2, 1] and 0.1 at [1, 2]",
    ],
  ])("%j", (parameters, message) => {
    expect(() => gaussianLogDensity(x, parameters as never)).toThrow(message);
    expect(() => gaussianLogDensity(x, parameters as never)).toThrow(InputError);
  });

  test.each([
    [null, "needed options { gradients, reduce }, got null"],
    [{ reduction: "sum" }, "there is no option 'reduction'; there are gradients, reduce"],
    [{ gradients: null }, 'gradients must be of "x", "mean", "std" with std, got null'],
    [{ reduce: 1n }, 'reduce must be "none" or "sum", got 1n'],
  ])("options of gradients: %o", (options, message) => {
    const ask = () => gaussianLogDensityWithGradient(x, good, options as never);
    expect(ask).toThrow(new InputError(`gaussianLogDensityWithGradient: ${message}`));
  });

  test.each([
    [null, "needed options { full, eps, reduction }, got null"],
    [{ reduce: "sum" }, "there is no option 'reduce'; there are full, eps, reduction"],
    [{ full: 1n }, "full must be true or false, got 1n"],
    [{ eps: Symbol("e") }, "eps must be a number from 2^-126 to 2^126, got Symbol(e)"],
  ])("options of gaussianNll: %o", (options, message) => {
    expect(() => gaussianNll(x, x, 1, options as never)).toThrow(new InputError(`gaussianNll: ${message}`));
  });

  test("tensors of other types, shapes and engines", async () => {
    const ids = engine.tensor(Int32Array.of(1, 2, 3), [3]);
    expect(() => gaussianLogDensity(x, { mean: ids, std: 1 })).toThrow(
      "mean must be [3] or [2, 3] (one a row), got i32 [3]",
    );
    expect(() => gaussianLogDensity(ids, { mean: 0, std: 1 })).toThrow(
      "x must be f32 [..., d] with d >= 1, got i32 [3]",
    );
    expect(() => gaussianLogDensity(engine.tensor([], [2, 0]), { mean: 0, std: 1 })).toThrow("with d >= 1");
    expect(() => gaussianLogDensity([1] as never, { mean: 0, std: 1 })).toThrow("x must be a tensor");
    const other = await Engine.create({ backend: "cpu" });
    const foreign = other.tensor([1, 1, 1], [3]);
    expect(() => gaussianLogDensity(x, { mean: 0, std: foreign })).toThrow("std must belong to the same engine");
    const gone = engine.tensor([1, 1, 1], [3]);
    gone.dispose();
    expect(() => gaussianLogDensity(x, { mean: gone, std: 1 })).toThrow("mean must be a live tensor");
    other.dispose();
  });

  test("matrices of more than 64 coordinates, but not 64", () => {
    const large = (d: number) => {
      const unit = Array.from({ length: d * d }, (_, k) => (k % (d + 1) === 0 ? 1 : 0));
      return () => gaussianLogDensity(engine.tensor(new Array(d).fill(0), [1, d]), { mean: 0, covariance: unit });
    };
    expect(large(64)).not.toThrow();
    expect(large(65)).toThrow("covariance needs x of at most 64 coordinates, got f32 [1, 65]");
  });

  test("a matrix that is not positive definite, or too close to singular, naming pivot and condition", () => {
    const call = (covariance: readonly number[]) => {
      try {
        gaussianLogDensity(engine.tensor([0, 0], [1, 2]), { mean: 0, covariance });
      } catch (error) {
        return error;
      }
      return undefined;
    };
    expect(call([1, 2, 2, 1])).toBeInstanceOf(NotPositiveDefiniteError);
    expect(call([1, 2, 2, 1])).toMatchObject({ code: "not-positive-definite", pivot: 1, row: undefined });
    expect(call([4, 0, 0, 1e-6])).toMatchObject({ code: "ill-conditioned", pivot: 1, condition: 4e6 });
    expect(call([4, 0, 0, 1e-6])).toBeInstanceOf(IllConditionedError);
    expect(call([1.6e5, 0, 0, 1])).toBeUndefined();
    expect(call([1.7e5, 0, 0, 1])).toBeInstanceOf(IllConditionedError);
  });
});

describe("factorise", () => {
  test.each([1, 2, 5, 20, 64])("gives L with L Lᵀ = Σ, and its inverse, of %i coordinates", (d) => {
    const matrix = Float64Array.from(randomCovariance(normalSource(d), d, 1e4));
    const { lower, inverse } = factorise(matrix, d, of);
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < d; j++) {
        let [product, unit] = [0, 0];
        for (let k = 0; k < d; k++) {
          product += (lower[i * d + k] ?? 0) * (lower[j * d + k] ?? 0);
          unit += (inverse[i * d + k] ?? 0) * (lower[k * d + j] ?? 0);
        }
        expect(Math.abs(product - (matrix[i * d + j] ?? 0))).toBeLessThan(1e-13);
        expect(Math.abs(unit - (i === j ? 1 : 0))).toBeLessThan(1e-11);
      }
    }
  });

  test.each([1, 1e2, 1e5])("finds a condition number of %d", (condition) => {
    for (const d of [2, 7, 30]) {
      const matrix = Float64Array.from(randomCovariance(normalSource(d), d, condition));
      const { lower, inverse } = factorise(matrix, d, of);
      // The entries are rounded to f32, which moves the smallest eigenvalue by up to d roundings of the largest.
      expect(Math.abs(conditionOf(lower, d) / condition - 1)).toBeLessThan(2 * d * condition * 2 ** -24 + 1e-6);
      expect(weakest(inverse, d)).toBeLessThan(d);
    }
  });

  test("of Hilbert's matrices agrees with the published condition numbers", () => {
    for (const [d, condition] of [
      [3, 524.0567775860644],
      [4, 15513.738738928889],
    ] as const) {
      const hilbert = Float64Array.from({ length: d * d }, (_, k) => 1 / (Math.floor(k / d) + (k % d) + 1));
      expect(Math.abs(conditionOf(factorise(hilbert, d, of).lower, d) / condition - 1)).toBeLessThan(1e-10);
    }
  });
});

describe("checks", () => {
  const check = {
    message: "row {row} at {pivot}",
    others: [{ message: "second {row}", code: "not-positive-definite" as const }],
    pivots: 5,
  };

  test("a word says row, way and pivot", () => {
    for (const finding of [
      { row: 0, way: 0, pivot: 0 },
      { row: 7, way: 1, pivot: 4 },
      { row: 400_000_000, way: 1, pivot: 2 },
    ]) {
      const word = ~((finding.row * 2 + finding.way) * 5 + finding.pivot) >>> 0;
      expect(badRowOf(check, word)).toEqual(finding);
    }
  });

  test("a word of a plain check is ~row", () => {
    expect(badRowOf({ message: "" }, ~12 >>> 0)).toEqual({ row: 12, way: 0, pivot: 0 });
  });

  test("an error has the way's message, code and place", () => {
    expect(errorOf(check, { row: 3, pivot: 2 })).toMatchObject({ message: "row 3 at 2", code: "bad-data" });
    const error = errorOf(check, { row: 3, way: 1, pivot: 2 });
    expect(error).toBeInstanceOf(NotPositiveDefiniteError);
    expect(error).toMatchObject({ message: "second 3", row: 3, pivot: 2 });
    expect(errorOf({ ...check, shared: true }, { row: 3, way: 1, pivot: 2 })).toMatchObject({
      row: undefined,
      pivot: 2,
    });
  });
});

test("rows are cut where every binding may start", () => {
  const { limits } = machineOf(true, { maxStorageBufferBindingSize: 10_000 });
  const chunks = rowRangesOf(1_000, 28, limits, "test");
  expect(chunks.map(({ rows }) => rows)).toEqual([320, 320, 320, 40]);
  expect(chunks.map(({ first }) => first)).toEqual([0, 320, 640, 960]);
  expect(rowRangesOf(50, 200, limits, "test")).toEqual([{ first: 0, rows: 50 }]);
  expect(() => rowRangesOf(51, 200, limits, "test")).toThrow("exceed this device's largest binding of 10000 bytes");
  expect(rowRangesOf(0, 28, limits, "test")).toEqual([]);
});

test.each([
  [{ reduction: "max" }, 1, 'reduction must be "mean", "sum" or "none", got "max"'],
  [{ eps: 0 }, 1, "eps must be a number from 2^-126 to 2^126, got 0"],
  [{ eps: Number.NaN }, 1, "eps must be a number"],
  [{ full: 1 }, 1, "full must be true or false, got 1"],
  [{}, [1, 1], undefined],
  [{}, [1, 1, 1], "variance must be a number, [2, 3], or one a row, [2, 1] or [2], got 3 values"],
  [{}, "1", "got string"],
])("gaussianNll checks %j with a variance of %j", (options, variance, message) => {
  const call = () => gaussianNll(x, x, variance as never, options as never);
  if (message === undefined) expect(call).not.toThrow();
  else expect(call).toThrow(`gaussianNll: ${message}`.replace("gaussianNll: got", "got"));
});
