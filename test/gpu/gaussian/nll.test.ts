import { describe, expect, test } from "vitest";
import { gaussianNll, InputError } from "../../../src/index.ts";
import { losses } from "../../golden/gaussian/gaussian-nll.ts";
import { normalSource, U } from "../../support/gaussian/gaussian.ts";
import { onEach } from "../../support/rows/calls.ts";
import { expectWithin } from "../../support/tolerance.ts";

/**
 * Half of log v + (input - target)² / v: the logarithm errs by 2 ULP, the other term by a difference, a division (2.5 ULP)
 * and a product; log v and the constant may cancel, so all is relative to the terms' sizes.
 */
function tolerance(input: number, target: number, variance: number, full: boolean): number {
  return U * (8 * Math.abs(Math.log(variance)) + 10 * ((input - target) ** 2 / variance) + (full ? 2 : 0) + 2 ** -20);
}

onEach((setting) => {
  describe("golden: the definition in PyTorch's documentation", () => {
    test.each(losses)("a variance a $kind, shape $shape, full $full, eps $eps", async (golden) => {
      const { engine } = setting();
      const { shape, varianceShape, kind, full, eps } = golden;
      const input = engine.tensor([...golden.input], [...shape]);
      const target = engine.tensor([...golden.target], [...shape]);
      const columns = shape.at(-1) ?? 1;
      const widthOf = (k: number) => {
        const place = kind === "number" ? 0 : kind === "value" ? k : Math.floor(k / columns);
        return Math.max(golden.variance[place] as number, eps);
      };
      const budgets = golden.input.map((a, k) => tolerance(a, golden.target[k] as number, widthOf(k), full));
      const onHost = kind === "number" ? (golden.variance[0] as number) : [...golden.variance];
      const onGpu = kind === "number" ? onHost : engine.tensor([...golden.variance], [...varianceShape]);
      for (const variance of [onHost, onGpu]) {
        const none = gaussianNll(input, target, variance, { full, eps, reduction: "none" });
        expect(none.shape).toEqual([...shape]);
        expectWithin("none", await none.read(), golden.none, (k) => budgets[k] as number);
        // A sum's own roundings, of few terms, are below one of its terms' sizes each.
        const room = budgets.reduce((sum, budget) => sum + budget, 0) * 2;
        const [sum] = await gaussianNll(input, [...golden.target], variance, { full, eps, reduction: "sum" }).read();
        expect(Math.abs((sum as number) - golden.sum)).toBeLessThanOrEqual(room);
        const mean = gaussianNll(input, target, variance, { full, eps });
        expect(mean.shape).toEqual([]);
        const [value] = await mean.read();
        expect(Math.abs((value as number) - golden.mean)).toBeLessThanOrEqual(room / golden.input.length);
      }
    });
  });

  test("the mean over many values", async () => {
    const { engine } = setting();
    const n = 200_003;
    const normal = normalSource(1);
    const [input, target] = [Float32Array.from({ length: n }, normal), Float32Array.from({ length: n }, normal)];
    const variance = Float32Array.from({ length: n }, () => Math.exp(normal()));
    let [want, sizes] = [0, 0];
    for (let k = 0; k < n; k++) {
      const v = variance[k] as number;
      const square = ((input[k] as number) - (target[k] as number)) ** 2 / v;
      want += 0.5 * (Math.log(v) + square);
      sizes += 0.5 * (Math.abs(Math.log(v)) + square);
    }
    const [x, y, v] = [input, target, variance].map((values) => engine.tensor(values, [n]));
    if (!x || !y || !v) throw new Error("no tensors");
    const [got] = await gaussianNll(x, y, v).read();
    // Sums of 64, of 16 by 16, and of 16 by 16 again, on top of a term's own roundings.
    expect(Math.abs((got as number) - want / n)).toBeLessThanOrEqual((U * (16 + 64 + 32 + 32) * sizes) / n);
  });

  describe("edges", () => {
    const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

    test("NaN and infinities", async () => {
      const { engine } = setting();
      const input = engine.tensor([nan, 0, 0, inf, inf, -inf, 0, inf], [8]);
      const target = engine.tensor([0, nan, 0, 0, inf, inf, 0, 0], [8]);
      const variance = engine.tensor([1, 1, nan, 1, 1, 1, inf, inf], [8]);
      const got = await gaussianNll(input, target, variance, { reduction: "none" }).read();
      expect([...got]).toEqual([nan, nan, nan, inf, nan, inf, inf, nan]);
    });

    test("nothing at all has the mean NaN and the sum 0", async () => {
      const { engine } = setting();
      const none = engine.tensor([], [0, 3]);
      expect([...(await gaussianNll(none, none, 1).read())]).toEqual([nan]);
      expect([...(await gaussianNll(none, none, 1, { reduction: "sum" }).read())]).toEqual([0]);
      expect([...(await gaussianNll(none, none, none, { reduction: "none" }).read())]).toEqual([]);
    });
  });

  test("the functions' pipelines compile ahead, each to what a call then uses", async () => {
    const { engine } = setting();
    await engine.prepare([gaussianNll]);
    const loss = gaussianNll(engine.tensor([1], [1, 1]), [1], 1, { full: true });
    expect((await loss.read())[0]).toBe(Math.fround(0.5 * Math.log(2 * Math.PI)));
  });

  describe("refuses", () => {
    test("a negative variance: on the host at the call, in a GPU buffer at the next read", async () => {
      const { engine } = setting();
      const x = engine.tensor(new Array(6).fill(0), [2, 3]);
      expect(() => gaussianNll(x, x, -1)).toThrow("gaussianNll: variance must not be negative, got -1 at 0");
      expect(() => gaussianNll(x, x, [1, 1, 1, 1, -2, 1])).toThrow("got -2 at 4");
      const values = engine.tensor([1, 1, 1, 1, -2, -3], [2, 3]);
      const error = await gaussianNll(x, x, values)
        .read()
        .catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(InputError);
      expect((error as InputError).message).toBe("gaussianNll: variance must not be negative; that of value 4 is");
      await expect(gaussianNll(x, x, engine.tensor([1, -1], [2])).read()).rejects.toThrow("that of row 1 is");
      await expect(gaussianNll(x, x, engine.tensor([1, 0], [2, 1])).read()).resolves.toHaveLength(1);
      await expect(gaussianNll(x, x, engine.tensor([1, -0], [2, 1])).read()).resolves.toHaveLength(1);
    });
  });
});
