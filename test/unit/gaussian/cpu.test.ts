import { describe, expect, test } from "vitest";
import type { BadRow } from "../../../src/engine/checks.ts";
import { allocateCopy, copied } from "../../../src/engine/cpu/allocation.ts";
import { Cores } from "../../../src/engine/cpu/cores.ts";
import { Workspace } from "../../../src/engine/cpu/workspace.ts";
import type { Values } from "../../../src/engine/values.ts";
import type { GradientName } from "../../../src/gaussian/bindings.ts";
import { gaussianKernel } from "../../../src/gaussian/cpu/kernel.ts";
import { gaussianReference } from "../../../src/gaussian/cpu/reference.ts";
import type { GaussianReference } from "../../../src/gaussian/gaussian.ts";
import {
  choleskyOf,
  diagonalOf,
  diagonalTolerance,
  distanceTolerance,
  matrixTolerance,
  normalSource,
  type Oracle,
  oracleOf,
  randomCovariance,
  slopeTolerance,
  U,
} from "../../support/gaussian/gaussian.ts";
import { expectWithin } from "../../support/tolerance.ts";

const [shared, plain] = [new Cores(true), new Cores(false)];

type Data = Readonly<Record<string, Float32Array>>;
type Outputs = Readonly<Record<string, Values>>;

/** What the kernel gives; undefined where it declines. */
async function run(
  options: GaussianReference,
  data: Data,
  { cores = shared, threads = 1 } = {},
): Promise<{ readonly outputs: Outputs; readonly bad: BadRow | undefined } | undefined> {
  const space = new Workspace(cores, threads);
  const allocated = Object.entries(data).map(([key, values]) => [key, allocateCopy(cores.memory, values)] as const);
  const done = await gaussianKernel(options, Object.fromEntries(allocated), space);
  space.end();
  for (const [, one] of allocated) one.free();
  if (!done) return undefined;
  const outputs = Object.entries(done.outputs).map(([key, one]) => {
    const values = copied(one);
    one.free();
    return [key, values];
  });
  return { outputs: Object.fromEntries(outputs), bad: done.bad };
}

async function valuesOf(options: GaussianReference, data: Data, how = {}): Promise<Outputs> {
  const done = await run(options, data, how);
  if (!done) throw new Error("declined");
  expect(done.bad).toBeUndefined();
  return done.outputs;
}

function optionsOf(
  rows: number,
  dimension: number,
  name: GaussianReference["name"],
  { mean = [], spread = [], ...more }: Partial<Record<"mean" | "spread", ArrayLike<number>>> & Partial<Asked> = {},
): GaussianReference {
  const parameter = (values: ArrayLike<number>) =>
    values.length === 0 ? { perRow: true } : { perRow: false, values: Array.from(values) };
  const asked = { root: false, gradients: [], summed: [], betweenFloats: false, ...more };
  return { rows, dimension, name, mean: parameter(mean), spread: parameter(spread), ...asked };
}

type Asked = Pick<GaussianReference, "root" | "gradients" | "summed">;

const part = (values: Float32Array, row: number, d: number) => values.subarray(row * d, (row + 1) * d);

const densities = (want: readonly Oracle[]) => want.map(({ logDensity }) => logDensity);

/** Different rows of a problem, which then come again. */
const DIFFERENT = 23;

function again<T>(items: readonly T[], count: number): readonly T[] {
  return Array.from({ length: count }, (_, k) => items[k % items.length] as T);
}

/** Rows of so many values, again and again. */
function rowsAgain(values: Float32Array, width: number, count: number): Float32Array {
  const length = Math.min(count, DIFFERENT) * width;
  return Float32Array.from({ length: count * width }, (_, k) => values[k % length] as number);
}

/** At least so many rows that it is no small call, and not always a multiple of four. */
const rowsOf = (width: number) => Math.max(5, Math.ceil(4_096 / width) + 1);

describe("independent coordinates", () => {
  function problem(seed: number, n: number, d: number) {
    const normal = normalSource(seed);
    const std = Float32Array.from({ length: n * d }, () => Math.exp(1.2 * normal()));
    const mean = Float32Array.from({ length: n * d }, () => 3 * normal());
    const x = mean.map((value, k) => value + 2 * (std[k] as number) * normal());
    return { x: rowsAgain(x, d, n), mean: rowsAgain(mean, d, n), std: rowsAgain(std, d, n) };
  }

  const squares = (values: Float32Array) => Float64Array.from(values, (value) => value * value);

  /** Of every row; parameters of d values are shared. */
  function oracles(x: Float32Array, mean: Float32Array, variance: ArrayLike<number>, d: number): readonly Oracle[] {
    const rows = Array.from({ length: Math.min(x.length / d, DIFFERENT) }, (_, row) => {
      const of = (values: ArrayLike<number>) =>
        Array.from({ length: d }, (_, i) => values[(values.length === d ? 0 : row * d) + i] as number);
      return oracleOf(of(x), of(mean), diagonalOf(of(variance)));
    });
    return again(rows, x.length / d);
  }

  const SIZES = [1, 2, 3, 4, 5, 7, 8, 16, 31, 32, 33, 38];

  test.each(SIZES)("agree with elimination in f64: %i coordinates", async (d) => {
    const n = rowsOf(d);
    const { x, mean, std } = problem(d, n, d);
    const [m, s] = [mean.slice(0, d), std.slice(0, d)];
    const expectRows = async (options: GaussianReference, data: Data, want: readonly Oracle[]) => {
      const { y } = await valuesOf(options, data);
      expectWithin("log-density", y as Values, densities(want), (row) => diagonalTolerance(want[row] as Oracle, d));
      const distances = await valuesOf({ ...options, root: true }, data);
      const right = want.map(({ distance }) => distance);
      expectWithin("distance", distances.y as Values, right, (row) => distanceTolerance(want[row] as Oracle, d, 0));
    };
    const one = oracles(x, m, squares(s), d);
    await expectRows(optionsOf(n, d, "std", { mean: m, spread: s }), { x }, one);
    await expectRows(optionsOf(n, d, "variance", { mean: m, spread: squares(s) }), { x }, one);
    await expectRows(optionsOf(n, d, "std", { spread: s }), { x, mean }, oracles(x, mean, squares(s), d));
    await expectRows(optionsOf(n, d, "std", { mean: m }), { x, spread: std }, oracles(x, m, squares(std), d));
    await expectRows(optionsOf(n, d, "std"), { x, mean, spread: std }, oracles(x, mean, squares(std), d));
    await expectRows(optionsOf(n, d, "variance"), { x, mean, spread: std }, oracles(x, mean, std, d));
  });

  test("of long rows agree with the reference", async () => {
    for (const [n, d] of [
      [41, 300],
      [6, 1_027],
      [4, 5_000],
    ] as const) {
      const { x, mean, std } = problem(d, n, d);
      const [m, s] = [mean.slice(0, d), std.slice(0, d)];
      for (const [options, data] of [
        [optionsOf(n, d, "std", { mean: m, spread: s }), { x }],
        [optionsOf(n, d, "variance"), { x, mean, spread: std }],
      ] as const) {
        const [{ y }, right] = [await valuesOf(options, data), gaussianReference(options, data).outputs.y as Values];
        // Terms of one sign outweigh the others here, so the sum is as large as its terms.
        expectWithin("log-density", y as Values, right, (row) => 1e-5 * Math.abs(right[row] as number));
      }
    }
  });

  test("a row's bits do not depend on its place, nor on threads and memory", async () => {
    const { x, mean, std } = problem(3, 1, 7);
    const options = (n: number) => optionsOf(n, 7, "std", { mean, spread: std });
    for (const [n, how] of [
      [586, {}],
      [587, { cores: plain }],
      [70_001, { threads: 2 }],
    ] as const) {
      const same = Float32Array.from({ length: 7 * n }, (_, k) => x[k % 7] as number);
      const { y } = await valuesOf(options(n), { x: same }, how);
      expect(y).toHaveLength(n);
      expect(new Set(y).size).toBe(1);
    }
  });

  test("gradients agree with their formulas", async () => {
    for (const d of [1, 3, 7, 16, 33, 70]) {
      const n = rowsOf(d);
      const { x, mean, std } = problem(d, n, d);
      const [m, s] = [mean.slice(0, d), std.slice(0, d)];
      const all = { gradients: ["x", "mean", "std"] as const, summed: [] };
      for (const [options, data] of [
        [optionsOf(n, d, "std", { mean: m, spread: s, ...all }), { x }],
        [optionsOf(n, d, "variance", { mean: m, spread: squares(s), ...all }), { x }],
        [optionsOf(n, d, "std", all), { x, mean, spread: std }],
      ] as const) {
        const got = await valuesOf(options, data);
        const own = options.spread.perRow;
        const z = (k: number) => {
          const centre = own ? mean[k] : m[k % d];
          return ((x[k] as number) - (centre as number)) / (own ? (std[k] as number) : (s[k % d] as number));
        };
        const scale = (k: number) => (own ? (std[k] as number) : (s[k % d] as number));
        const slopes = Array.from(x, (_, k) => z(k) / scale(k));
        const room = (k: number) => 21 * U * Math.abs(slopes[k] as number);
        expectWithin("mean", got.bymean as Values, slopes, room);
        expectWithin(
          "x",
          got.byx as Values,
          slopes.map((one) => -one),
          room,
        );
        const ofStd = slopes.map((_, k) => (z(k) ** 2 - 1) / scale(k));
        expectWithin("std", got.bystd as Values, ofStd, (k) => (21 * U * (z(k) ** 2 + 1)) / scale(k));
      }
    }
  });

  test("gradients summed over rows", async () => {
    const [n, d] = [2_001, 3];
    const { x, mean, std } = problem(5, n, d);
    const gradients = ["x", "mean", "std"] as const;
    const asked = { mean: mean.slice(0, d), spread: std.slice(0, d), gradients, summed: ["mean", "std"] as const };
    const options = optionsOf(n, d, "std", asked);
    const [got, want] = [await valuesOf(options, { x }), gaussianReference(options, { x }).outputs];
    expect(Object.keys(got).sort()).toEqual(["byx", "ofmean", "ofstd", "y"]);
    const each = gaussianReference({ ...options, summed: [] }, { x }).outputs;
    for (const name of ["mean", "std"] as const) {
      const sizes = [0, 0, 0];
      each[`by${name}`]?.forEach((value, k) => {
        sizes[k % d] = (sizes[k % d] ?? 0) + Math.abs(value) + 1;
      });
      expectWithin(name, got[`of${name}`] as Values, want[`of${name}`] as Values, (k) => 21 * U * (sizes[k] ?? 0));
    }
  });

  test("NaN gives NaN, infinities -Inf, or as a distance +Inf; other rows are not touched", async () => {
    const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
    const values = [0, 0, nan, 0, inf, 0, 0, -inf, inf, nan, inf, -inf, 0, 0];
    const n = 2_100;
    const x = Float32Array.from({ length: 2 * n }, (_, k) => values[k % 14] as number);
    const ones = new Float32Array(2 * n).fill(1);
    const clean = Math.fround(-Math.log(2 * Math.PI));
    for (const [options, data] of [
      [optionsOf(n, 2, "std", { mean: [0, 0], spread: [1, 1] }), { x }],
      [optionsOf(n, 2, "variance", { mean: [0, 0] }), { x, spread: ones }],
    ] as const) {
      const { y } = await valuesOf(options, data);
      const want = [clean, nan, -inf, -inf, nan, -inf, clean];
      expect(y).toEqual(Float32Array.from({ length: n }, (_, k) => want[k % 7] as number));
      const distances = await valuesOf({ ...options, root: true }, data);
      const right = [0, nan, inf, inf, nan, inf, 0];
      expect(distances.y).toEqual(Float32Array.from({ length: n }, (_, k) => right[k % 7] as number));
    }
  });

  test("a std or variance that is none is found, with its row and place", async () => {
    const [n, d] = [60_000, 7];
    const x = new Float32Array(n * d);
    for (const wrong of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** -127, 2 ** 127]) {
      const spread = new Float32Array(n * d).fill(1);
      for (const row of [23_457, 59_999]) spread[row * d + 4] = wrong;
      for (const name of ["std", "variance"] as const) {
        const own = await run(optionsOf(n, d, name, { mean: new Float32Array(d) }), { x, spread });
        expect(own?.bad).toEqual({ row: 23_457, pivot: 4 });
      }
      const asked = { mean: new Float32Array(d), spread: spread.slice(23_457 * d, 23_458 * d) };
      expect((await run(optionsOf(n, d, "std", asked), { x }))?.bad).toEqual({ row: 0, pivot: 4 });
    }
    const edges = Float32Array.from({ length: n * d }, (_, k) => (k % 2 === 0 ? 2 ** -126 : 2 ** 126));
    expect(
      (await run(optionsOf(n, d, "std", { mean: new Float32Array(d) }), { x, spread: edges }))?.bad,
    ).toBeUndefined();
  });
});

/** Rows, means, and covariances of a condition number, a different one each. */
function problem(seed: number, n: number, d: number, condition: number) {
  const normal = normalSource(seed);
  const each = () => randomCovariance(normal, d, condition, Math.exp(normal()));
  const covariances = again(Array.from({ length: Math.min(n, DIFFERENT) }, each), n);
  const mean = Float32Array.from({ length: n * d }, normal);
  const x = mean.map((value) => value + normal());
  return {
    x: rowsAgain(x, d, n),
    mean: rowsAgain(mean, d, n),
    covariances,
    all: Float32Array.from(covariances.flat()),
  };
}

/** Of every row; a mean or covariance that is alone is shared. */
function oraclesOf(x: Float32Array, mean: Float32Array, covariances: readonly (readonly number[])[], d: number) {
  const rows = Array.from({ length: Math.min(x.length / d, DIFFERENT) }, (_, row) => {
    const centre = mean.length === d ? mean : part(mean, row, d);
    return oracleOf(part(x, row, d), centre, covariances[covariances.length === 1 ? 0 : row] as number[]);
  });
  return again(rows, x.length / d);
}

const BOTH: readonly GradientName[] = ["x", "mean"];

/** Checks values, distances and gradients. */
async function expectRows(
  options: GaussianReference,
  data: Data,
  want: readonly Oracle[],
  condition: number,
  how = {},
): Promise<void> {
  const d = options.dimension;
  const got = await valuesOf({ ...options, gradients: BOTH }, data, how);
  const of = (row: number) => want[row] as Oracle;
  expectWithin("log-density", got.y as Values, densities(want), (row) => matrixTolerance(of(row), d, condition));
  const slopes = want.flatMap(({ slope }) => slope);
  const room = (k: number) => slopeTolerance(of(Math.floor(k / d)), d, condition);
  expectWithin("mean", got.bymean as Values, slopes, room);
  expectWithin(
    "x",
    got.byx as Values,
    slopes.map((one) => -one),
    room,
  );
  const { y } = await valuesOf({ ...options, root: true }, data, how);
  const distances = want.map(({ distance }) => distance);
  expectWithin("distance", y as Values, distances, (row) => distanceTolerance(of(row), d, condition));
}

describe("a matrix that all rows share", () => {
  test.each([1, 1e2, 1e5])("agrees with elimination in f64: condition number %d", async (condition) => {
    for (const d of [1, 2, 3, 5, 7, 8, 17, ...(condition === 1e2 ? [64] : [])]) {
      const n = rowsOf(d);
      const { x, mean, covariances } = problem(d + condition, n, d, condition);
      const [covariance = []] = covariances;
      const m = mean.slice(0, d);
      const want = oraclesOf(x, m, [covariance], d);
      await expectRows(optionsOf(n, d, "covariance", { mean: m, spread: covariance }), { x }, want, condition);
      const { factor, product } = choleskyOf(covariance, d);
      const own = oraclesOf(x, mean, [product], d);
      await expectRows(optionsOf(n, d, "scaleTril", { spread: factor }), { x, mean }, own, condition, { cores: plain });
    }
  });

  test("that is wrong is found", async () => {
    const of = async (spread: readonly number[], name: "covariance" | "scaleTril" = "covariance") =>
      (await run(optionsOf(3_000, 2, name, { mean: [0, 0], spread }), { x: new Float32Array(6_000) }))?.bad;
    expect(await of([1, 2, 2, 1])).toEqual({ row: 0, way: 1, pivot: 1 });
    expect(await of([1, 0, 5, -2], "scaleTril")).toEqual({ row: 0, way: 1, pivot: 1 });
    expect(await of([1, 0.999999, 0.999999, 1])).toMatchObject({ row: 0, way: 2 });
    expect(await of([1, 0.5, 0.4, 1])).toEqual({ row: 0, way: 0, pivot: 1 });
    expect(await of([1, Number.NaN, 0.5, 1], "scaleTril")).toBeUndefined();
  });
});

describe("a matrix a row", () => {
  test.each([1, 1e2, 1e5])("agrees with elimination in f64, as f64 does: condition number %d", async (condition) => {
    for (const d of [1, 2, 3, 5, 7, 8, 9, 16, ...(condition === 1e2 ? [64] : [])]) {
      const n = rowsOf(d * d);
      const { x, mean, covariances, all } = problem(d + condition, n, d, condition);
      const m = mean.slice(0, d);
      const exact = 0;
      const want = oraclesOf(x, m, covariances, d);
      await expectRows(optionsOf(n, d, "covariance", { mean: m }), { x, spread: all }, want, exact);
      const lower = again(
        covariances.slice(0, DIFFERENT).map((covariance) => choleskyOf(covariance, d)),
        n,
      );
      const spread = Float32Array.from(lower.flatMap(({ factor }) => factor));
      const own = oraclesOf(
        x,
        mean,
        lower.map(({ product }) => product),
        d,
      );
      await expectRows(optionsOf(n, d, "scaleTril"), { x, mean, spread }, own, exact, { cores: plain });
    }
  });

  /** Good matrices, but for those of `bad` in some rows. */
  function matrices(n: number, d: number, bad: readonly number[], rows: readonly number[]): Float32Array {
    const all = Float32Array.from({ length: n * d * d }, (_, k) => ((k % (d * d)) % (d + 1) === 0 ? 2 : 0.25));
    for (const row of rows) all.set(bad, row * d * d);
    return all;
  }

  async function badOf(bad: readonly number[], name: "covariance" | "scaleTril" = "covariance") {
    const d = Math.sqrt(bad.length);
    const n = Math.ceil(70_000 / d ** 2);
    const spread = matrices(n, d, bad, [n >> 1, n - 1]);
    const options = optionsOf(n, d, name, { mean: new Float32Array(d) });
    const done = await run(options, { x: new Float32Array(n * d), spread }, { threads: 2 });
    expect(done?.bad?.row ?? n >> 1).toBe(n >> 1);
    return done?.bad && { way: done.bad.way, pivot: done.bad.pivot };
  }

  test("the first bad one is found, with its row and pivot", async () => {
    expect(await badOf([1, 2, 2, 1])).toEqual({ way: 1, pivot: 1 });
    expect(await badOf([1, 1, 1, 1])).toEqual({ way: 1, pivot: 1 });
    expect(await badOf([1, 0, 1, -1], "scaleTril")).toEqual({ way: 1, pivot: 1 });
    expect(await badOf([2, 0.5, 0.50001, 2])).toEqual({ way: 0, pivot: 1 });
    expect(await badOf([2, 0.5, 0.5 + 2 ** -22, 2])).toBeUndefined();
    expect(await badOf([2, Number.NaN, Number.NaN, 2])).toMatchObject({ way: 0 });
    expect(await badOf([2, Number.NaN, 0.25, 2])).toMatchObject({ way: 0 });
    expect(await badOf([2, 0.25, 0.25, Number.POSITIVE_INFINITY])).toMatchObject({ way: 0 });
    expect(await badOf([1, 0, 2 ** -120, 2 ** -127], "scaleTril")).toBeDefined();
    expect(await badOf([1, Number.NaN, 0.5, 1], "scaleTril")).toBeUndefined();
  });

  test("too close to singular; half as close is left to the reference, and will do", async () => {
    for (const d of [2, 7, 12]) {
      const normal = normalSource(d);
      expect(await badOf(randomCovariance(normal, d, 3.4e5))).toMatchObject({ way: 2 });
      const n = rowsOf(d * d);
      const spread = matrices(n, d, randomCovariance(normal, d, 8e4), [3, 4]);
      const x = Float32Array.from({ length: n * d }, normal);
      const options = optionsOf(n, d, "covariance", { mean: new Float32Array(d), gradients: BOTH });
      const [got, want] = [await valuesOf(options, { x, spread }), gaussianReference(options, { x, spread }).outputs];
      for (const [name, right] of Object.entries(want)) {
        expectWithin(name, got[name] as Values, right as Values, (k) => 40 * U * (1 + Math.abs(right[k] as number)));
      }
    }
  });

  test("NaN gives NaN, infinities -Inf, or as a distance +Inf, and gradients NaN; other rows are not touched", async () => {
    const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
    for (const d of [3, 12]) {
      const n = rowsOf(d * d);
      const x = new Float32Array(n * d);
      [[nan], [inf], [0, -inf], [nan, inf]].forEach((values, row) => void x.set(values, (row + 1) * d));
      const spread = matrices(n, d, [], []);
      const one = [...spread.subarray(0, d * d)];
      const mean = new Float32Array(d);
      for (const [options, data] of [
        [optionsOf(n, d, "covariance", { mean, gradients: BOTH }), { x, spread }],
        [optionsOf(1_400, d, "covariance", { mean, spread: one, gradients: BOTH }), { x: padded(x, 1_400 * d) }],
      ] as const) {
        const { y, byx } = await valuesOf(options, data);
        expect([...(y as Values).subarray(1, 5)]).toEqual([nan, -inf, -inf, nan]);
        expect(y?.[5]).toBe(y?.[0]);
        expect([...(byx as Values).subarray(d, 5 * d)]).toEqual(new Array(4 * d).fill(nan));
        expect(new Set((byx as Values).subarray(5 * d).map(Math.abs))).toEqual(new Set([0]));
        const distances = await valuesOf({ ...options, root: true, gradients: [] }, data);
        expect([...(distances.y as Values).subarray(0, 6)]).toEqual([0, nan, inf, inf, nan, 0]);
      }
    }
  });

  const padded = (values: Float32Array, length: number) => Float32Array.from({ length }, (_, k) => values[k] ?? 0);

  test("workers give the same bits", async () => {
    for (const [n, d] of [
      [4_003, 7],
      [1_001, 12],
    ] as const) {
      const { x, mean, all } = problem(d, n, d, 50);
      const options = optionsOf(n, d, "covariance", { gradients: ["x"] });
      const [one, two] = [1, 2].map((threads) => valuesOf(options, { x, mean, spread: all }, { threads }));
      expect(await two).toEqual(await one);
    }
  });
});

test("small calls, and fewer rows than go together, stay with the reference", async () => {
  const of = (n: number, d: number) =>
    run(optionsOf(n, d, "std", { mean: new Float32Array(d), spread: new Float32Array(d).fill(1) }), {
      x: new Float32Array(n * d),
    });
  expect(await of(585, 7)).toBeUndefined();
  expect(await of(3, 5_000)).toBeUndefined();
  expect(await of(586, 7)).toBeDefined();
});
