import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  crossEntropy,
  crossEntropyWithGradient,
  Engine,
  entropy,
  InputError,
  klDivergence,
  logSoftmax,
  logSumExp,
  rowStatistics,
  softmax,
  type Tensor,
} from "../../../src/index.ts";
import { planScale } from "../../support/engine/plans.ts";

let engine: Engine;

beforeEach(async () => {
  engine = await Engine.create({ backend: "cpu" });
});

afterEach(() => engine.dispose());

const row = (values: readonly number[]) => engine.tensor(values, [values.length]);

/** Within f32's rounding of a value that the f64 reference gives exactly. */
async function rounds(tensor: Tensor, want: readonly number[]): Promise<void> {
  const got = await tensor.read();
  expect([...got]).toHaveLength(want.length);
  want.forEach((value, k) => {
    const error = Math.abs((got[k] as number) - value);
    expect(error, `value ${k}: ${got[k]} for ${value}`).toBeLessThanOrEqual(Math.abs(value) * 2 ** -24 + 1e-45);
  });
}

describe("golden values", () => {
  // SciPy 1.x's own tests of scipy.special.softmax, log_softmax and logsumexp (mpmath, 200 digits).
  test("of SciPy's softmax", async () => {
    const want = [0.03205860328008499, 0.08714431874203256, 0.23688281808991013, 0.6439142598879722];
    await rounds(softmax(row([0, 1, 2, 3])), want);
    await rounds(softmax(row([100, 101, 102, 103])), want);
    await rounds(
      softmax(row([-25, 0, 25, 50])),
      [2.678636961770877e-33, 1.9287498479371314e-22, 1.3887943864771144e-11, 0.999999999986112],
    );
    await rounds(softmax(row([1, 325, 749, 750])), [0, 0, 0.2689414213699951, 0.7310585786300048]);
  });

  test("of SciPy's log_softmax", async () => {
    await rounds(
      logSoftmax(row([0, 1, 2, 3])),
      [-3.4401896985611953, -2.4401896985611953, -1.4401896985611953, -0.44018969856119533],
    );
    await rounds(logSoftmax(row([1000, 1])), [0, -999]);
  });

  test("of SciPy's logsumexp", async () => {
    await rounds(logSumExp(row([1e10, 1e-10])), [1e10]);
    await rounds(logSumExp(row([-1e10, Number.NEGATIVE_INFINITY])), [-1e10]);
    await rounds(logSumExp(row(new Array(1_000).fill(10_000))), [10_000 + Math.log(1_000)]);
    await rounds(logSumExp(row([0, -40])), [Math.exp(-40)]);
  });

  // PyTorch 2 cross_entropy in f64, on the logits, targets and weights below.
  const logits = () => engine.tensor([2, 1, 0, 0, -1, 3, 1, 1, 1], [3, 3]);
  const ids = [0, 2, -100];
  const weight = [1, 2, 0.5];
  test.each([
    [{ reduction: "none" }, [0.4076059644443803, 0.06588389889955, 0]],
    [{}, [0.23674493]],
    [{ reduction: "sum" }, [0.47348987]],
    [{ weight }, [0.29369861]],
    [{ labelSmoothing: 0.1 }, [0.4034116]],
    [{ labelSmoothing: 0.1, weight }, [0.61226685]],
  ] as const)("of PyTorch's cross_entropy with %j", async (options, want) => {
    const got = await crossEntropy(logits(), ids, options).read();
    want.forEach((value, k) => void expect(got[k]).toBeCloseTo(value, 7));
  });

  test("of the z-loss and of soft targets", async () => {
    const plain = (await crossEntropy(logits(), ids).read())[0] as number;
    const withZ = (await crossEntropy(logits(), ids, { zLoss: 1e-4 }).read())[0] as number;
    expect(withZ - plain).toBeCloseTo(0.00075981, 7);
    const soft = Float32Array.of(0.7, 0.2, 0.1, 0.1, 0.1, 0.8, 1 / 3, 1 / 3, 1 / 3);
    expect((await crossEntropy(logits(), soft).read())[0]).toBeCloseTo(0.89070072, 6);
    expect((await crossEntropy(logits(), soft, { weight }).read())[0]).toBeCloseTo(1.13219331, 6);
  });

  test("of two coins' divergence and of a fair die's entropy", async () => {
    const p = row([Math.log(0.5), Math.log(0.5)]);
    const q = row([Math.log(0.9), Math.log(0.1)]);
    const want = 0.5 * Math.log(0.5 / 0.9) + 0.5 * Math.log(0.5 / 0.1);
    expect((await klDivergence(p, q).read())[0]).toBeCloseTo(want, 6);
    expect((await entropy(row([4, 4, 4, 4, 4, 4])).read())[0]).toBeCloseTo(Math.log(6), 7);
  });
});

describe("a row's gradient", () => {
  test("is softmax minus target, and sums to nothing", async () => {
    const { loss, gradient } = crossEntropyWithGradient(row([0, 1, 2]), [2], { reduction: "none" });
    expect(loss.shape).toEqual([]);
    const [p, got] = [await softmax(row([0, 1, 2])).read(), await gradient.read()];
    [p[0], p[1], (p[2] ?? 0) - 1].forEach((value, k) => void expect(got[k]).toBeCloseTo(value ?? 0, 7));
  });
});

test("statistics come in their dtypes and shapes", async () => {
  const x = engine.tensor([0, 1, 2, 5, 4, 3], [2, 3]);
  const statistics = rowStatistics(x, [2, 1]);
  expect([...(await statistics.argmax.read())]).toEqual([2, 0]);
  expect([...(await statistics.rank.read())]).toEqual([0, 1]);
  expect([...(await statistics.status.read())]).toEqual([0, 0]);
  expect([...(await statistics.validCount.read())]).toEqual([2]);
  expect([...(await statistics.margin.read())]).toEqual([1, 1]);
  expect(statistics.argmax.dtype).toBe("i32");
  expect(statistics.validCount.shape).toEqual([]);
});

describe("calls", () => {
  test("happen in the order they were made, `out` and all", async () => {
    const x = row([0, 1, 2]);
    const out = row([9, 9, 9]);
    const before = out.read();
    expect(softmax(x, { out })).toBe(out);
    const between = out.read();
    const next = logSumExp(out);
    logSoftmax(x, { out });
    expect([...(await before)]).toEqual([9, 9, 9]);
    expect((await between)[2]).toBeCloseTo(0.66524096, 7);
    expect((await out.read())[2]).toBeCloseTo(-0.40760596, 7);
    expect((await next.read())[0]).toBeCloseTo(
      Math.log(Math.exp(0.09003057) + Math.exp(0.24472847) + Math.exp(0.66524096)),
      6,
    );
  });

  test("do not see arrays change that they were given", async () => {
    const data = Float32Array.of(0, 1, 2);
    const soft = Float32Array.of(0, 0, 1);
    const x = engine.tensor(data, [3]);
    const loss = crossEntropy(x, soft);
    data.fill(7);
    soft.fill(7);
    expect((await loss.read())[0]).toBeCloseTo(0.40760596, 6);
  });

  test("give reads that the reader may change", async () => {
    const x = row([1, 2]);
    (await x.read()).fill(5);
    expect([...(await x.read())]).toEqual([1, 2]);
  });
});

describe("faults", () => {
  test("surface at the next read, once, and leave the engine working", async () => {
    const x = row([1, 2]);
    const y = engine.run(planScale(2, 2, engine.limits), { x }).y;
    await expect(x.read()).rejects.toThrow("scale: this plan is for a GPU alone");
    expect([...(await x.read())]).toEqual([1, 2]);
    y.dispose();
  });

  test("in a tensor of ids name the first bad row, to every read under way, and to none that began before", async () => {
    const x = engine.tensor(new Float32Array(6), [2, 3]);
    const ids = engine.tensor(Int32Array.of(0, 3), [2]);
    const before = x.read();
    const loss = crossEntropy(x, ids);
    const [first, second] = await Promise.allSettled([x.read(), loss.read()]);
    expect(await before).toEqual(new Float32Array(6));
    for (const one of [first, second]) expect(one).toMatchObject({ reason: { name: "InputError", code: "bad-data" } });
    expect((first as PromiseRejectedResult).reason.message).toContain("row 1 has neither");
    expect(await x.read()).toEqual(new Float32Array(6));
  });

  test("that nobody reads end no page", async () => {
    engine.run(planScale(2, 2, engine.limits), { x: row([1, 2]) });
    await new Promise((resolve) => setTimeout(resolve, 5));
  });
});

describe("life", () => {
  test("memory counts tensors and bytes, down to none", () => {
    // What other engines of the process have given back to their common memory.
    const { pooled } = engine.memory();
    const x = row([1, 2, 3]);
    const y = softmax(x);
    expect(engine.memory()).toMatchObject({ tensors: 2, bytes: 24 });
    y.dispose();
    y.dispose();
    x.dispose();
    expect(engine.memory()).toEqual({ tensors: 0, bytes: 0, pooled });
  });

  test("a disposed tensor cannot be read or used; `using` disposes", async () => {
    let kept: Tensor;
    {
      using x = row([1, 2]);
      kept = x;
      expect([...(await x.read())]).toEqual([1, 2]);
    }
    await expect(kept.read()).rejects.toMatchObject({ name: "InputError", code: "disposed" });
    expect(() => softmax(kept)).toThrow(InputError);
  });

  test("a result outlives its input", async () => {
    const x = row([0, 0]);
    const y = softmax(x);
    x.dispose();
    expect([...(await y.read())]).toEqual([0.5, 0.5]);
  });

  test("a disposed engine refuses calls and rejects pending reads", async () => {
    const x = row([0, 0]);
    const pending = softmax(x).read();
    engine.dispose();
    await expect(pending).rejects.toMatchObject({ name: "InputError", code: "disposed" });
    await expect(x.read()).rejects.toMatchObject({ code: "disposed" });
    await expect(engine.prepare([softmax])).rejects.toMatchObject({ code: "disposed" });
    expect(() => row([1])).toThrow("tensor: needed a live engine, got a disposed one");
    expect(engine.memory()).toEqual({ tensors: 0, bytes: 0, pooled: 0 });
  });

  test("what only a GPU has is refused with the code cpu-engine", () => {
    const x = row([0, 0]);
    expect(engine.device).toBeUndefined();
    const encoder = {} as GPUCommandEncoder;
    for (const call of [
      () => x.buffer,
      () => softmax.encode(encoder, x),
      () => engine.view({} as GPUBuffer, { shape: [1] }),
    ]) {
      expect(call).toThrow(expect.objectContaining({ name: "UnsupportedError", code: "cpu-engine" }));
    }
  });

  test("`prepare` has nothing to do", async () => {
    await expect(engine.prepare([softmax, crossEntropy])).resolves.toBeUndefined();
  });
});
