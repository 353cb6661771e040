import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  Engine,
  generalizedAdvantageEstimation,
  InputError,
  lambdaReturn,
  normalizeAdvantages,
  type Tensor,
} from "../../../src/index.ts";
import { planNormalizeAdvantages } from "../../../src/returns/normalize-advantages.ts";
import { ESTIMATION, LAMBDA_RETURN, NORMALIZED } from "../../golden/returns/advantages.ts";
import { gpuEngine, rejection } from "../../support/device.ts";
import { numbers } from "../../support/numbers.ts";
import { advantagesOf, type Judged, lambdaReturnsOf, normalizedOf } from "../../support/returns/advantages.ts";
import { onEach } from "../../support/rows/calls.ts";
import { expectWithin } from "../../support/tolerance.ts";

/** Seeded f32 values around 0. */
function values(seed: number, count: number, size = 1): Float32Array {
  const next = numbers(seed);
  return Float32Array.from({ length: count }, () => (size * (next(2 ** 20) - 2 ** 19)) / 2 ** 18);
}

/** Ones with a chance, else zeros. */
function flags(seed: number, count: number, chance: number): Float32Array {
  const next = numbers(seed);
  return Float32Array.from({ length: count }, () => (next(1_000) < 1_000 * chance ? 1 : 0));
}

function column(all: ArrayLike<number>, columns: number, c: number): Float64Array {
  return Float64Array.from({ length: all.length / columns }, (_, t) => all[t * columns + c] as number);
}

function expectColumns(what: string, got: ArrayLike<number>, columns: number, judged: readonly Judged[]): void {
  judged.forEach(({ want, budget }, c) => {
    expectWithin(`${what}, column ${c}`, column(got, columns, c), want, (t) => budget[t] as number);
  });
}

const COLUMNS = (columns: number) => Array.from({ length: columns }, (_, c) => c);

onEach((setting) => {
  const tensor = (data: ArrayLike<number>, shape: readonly number[]): Tensor =>
    setting().engine.tensor(Float32Array.from(data), shape);

  describe("generalizedAdvantageEstimation", () => {
    async function expectAdvantages(steps: number, columns: number, gamma: number, lambda: number): Promise<void> {
      const data = {
        rewards: values(1, steps * columns),
        values: values(2, (steps + 1) * columns, 3),
        dones: flags(3, steps * columns, 0.1),
      };
      const got = generalizedAdvantageEstimation(
        tensor(data.rewards, [steps, columns]),
        tensor(data.values, [steps + 1, columns]),
        tensor(data.dones, [steps, columns]),
        { gamma, lambda },
      );
      const judged = COLUMNS(columns).map((c) =>
        advantagesOf({
          rewards: column(data.rewards, columns, c),
          values: column(data.values, columns, c),
          dones: column(data.dones, columns, c),
          gamma,
          lambda,
        }),
      );
      const of = (name: "advantages" | "returns") => judged.map((one) => one[name]);
      expectColumns("advantages", await got.advantages.read(), columns, of("advantages"));
      expectColumns("returns", await got.returns.read(), columns, of("returns"));
    }

    test.each([
      [1, 1, 0.99, 0.95],
      [2, 3, 0.99, 0.95],
      [16, 63, 0.99, 0.95],
      [128, 65, 0.99, 0.95],
      [40, 7, 1, 1],
      [40, 7, 0.9, 0],
      [40, 7, 0, 0.9],
      [4_096, 2, 0.99, 0.95],
      [4_097, 2, 0.99, 0.95],
      [9_000, 1, 0.999, 0.99],
    ])("agrees with the sum of discounted errors: %i steps, %i columns, gamma %f, lambda %f", expectAdvantages);

    test("golden: CleanRL's loop, for flags of every type", async () => {
      const { shape, rewards, dones, advantages, returns } = ESTIMATION;
      const [steps = 0, columns = 0] = shape;
      const { engine } = setting();
      for (const given of [Float32Array, Int32Array, Uint32Array]) {
        const got = generalizedAdvantageEstimation(
          tensor(rewards, shape),
          tensor(ESTIMATION.values, [steps + 1, columns]),
          engine.tensor(given.from(dones), shape),
        );
        // Budgets of the recursion; the golden values themselves are good to 1e-15.
        const judged = COLUMNS(columns).map((c) =>
          advantagesOf({
            rewards: column(rewards, columns, c),
            values: column(ESTIMATION.values, columns, c),
            dones: column(dones, columns, c),
            gamma: 0.99,
            lambda: 0.95,
          }),
        );
        const golden = (want: readonly number[], name: "advantages" | "returns") =>
          judged.map((one, c) => ({ want: column(want, columns, c), budget: one[name].budget }));
        expectColumns("advantages", await got.advantages.read(), columns, golden(advantages, "advantages"));
        expectColumns("returns", await got.returns.read(), columns, golden(returns, "returns"));
      }
    });

    test("golden: an episode that ends after the third of four steps, and its normalised advantages", async () => {
      const got = generalizedAdvantageEstimation(
        tensor([1, 0, -1, 2], [4]),
        tensor([0.5, 0.4, 0.3, 0.2, 0.1], [5]),
        tensor([0, 0, 1, 0], [4]),
      );
      // The published values have eight decimals; three decimals of f32 arithmetic near 2 are 2e-7 each.
      const near = [5e-7, 5e-7, 5e-7, 5e-7];
      const [a, y] = [await got.advantages.read(), await normalizeAdvantages(got.advantages).read()];
      expectWithin("advantages", a, [-0.35077383, -1.32565, -1.3, 1.899], (t) => near[t] as number);
      const want = [-0.05373841, -0.69718806, -0.68025824, 1.43118471];
      expectWithin("normalised", y, want, (t) => near[t] as number);
    });

    test("what lies behind the end of an episode does not count, even where it is no number", async () => {
      const values = tensor([1, Number.NaN, 2], [3]);
      const got = generalizedAdvantageEstimation(tensor([5, 0], [2]), values, tensor([1, 0], [2]));
      const advantages = await got.advantages.read();
      expect(advantages[0]).toBe(4);
      expect(advantages[1]).toBeNaN();
    });

    test("with lambda 1 returns are those of the rewards alone; with lambda 0 advantages are one step's", async () => {
      const args = [tensor([1, 2, 4], [3]), tensor([8, 16, 32, 64], [4]), tensor([0, 0, 0], [3])] as const;
      // Powers of two: nothing is rounded.
      const far = generalizedAdvantageEstimation(...args, { gamma: 0.5, lambda: 1 });
      expect([...(await far.returns.read())]).toEqual([11, 20, 36]);
      const near = generalizedAdvantageEstimation(...args, { gamma: 0.5, lambda: 0 });
      expect([...(await near.advantages.read())]).toEqual([1, 2, 4]);
    });

    test("columns of any further axes are columns; no steps and no columns give nothing", async () => {
      const got = generalizedAdvantageEstimation(
        tensor(values(1, 24), [3, 2, 4]),
        tensor(values(2, 32), [4, 2, 4]),
        tensor(flags(3, 24, 0.2), [3, 2, 4]),
      );
      expect(got.advantages.shape).toEqual([3, 2, 4]);
      const none = generalizedAdvantageEstimation(tensor([], [0, 2]), tensor([1, 2], [1, 2]), tensor([], [0, 2]));
      expect([...(await none.returns.read())]).toEqual([]);
      const thin = generalizedAdvantageEstimation(tensor([], [2, 0]), tensor([], [3, 0]), tensor([], [2, 0]));
      expect([...(await thin.advantages.read())]).toEqual([]);
    });

    test("f32 dones outside 0 to 1 are told at the next read, with the first of them", async () => {
      const engine = await Engine.create({ backend: setting().engine.backend });
      const bad = engine.tensor([0, 0, 0.5, 0, -0.25, Number.NaN], [3, 2]);
      const got = generalizedAdvantageEstimation(
        engine.tensor(values(1, 6), [3, 2]),
        engine.tensor(values(2, 8), [4, 2]),
        bad,
      );
      const error = await rejection(got.advantages.read());
      expect(error).toBeInstanceOf(InputError);
      expect(error).toMatchObject({ code: "bad-data" });
      expect((error as Error).message).toContain("dones must be from 0 to 1; element 4 is not");
      engine.dispose();
    });
  });

  describe("lambdaReturn", () => {
    test.each([
      [2, 1, 0],
      [17, 65, 0],
      [4_097, 2, 0],
      [4_098, 3, 0.05],
      [16, 64, 0.3],
    ])("agrees with f64: %i rows of %i columns, one in %f a last", async (rows, columns, lasts) => {
      const shape = [rows, columns];
      const count = rows * columns;
      const data = {
        rewards: values(4, count),
        values: values(5, count, 2),
        terminals: values(6, count).map((x) => Math.abs(x) / 2),
        lasts: flags(7, count, lasts),
      };
      const { rewards, terminals } = data;
      const got = lambdaReturn(
        tensor(rewards, shape),
        tensor(data.values, shape),
        tensor(terminals, shape),
        tensor(data.lasts, shape),
      );
      const judged = COLUMNS(columns).map((c) =>
        lambdaReturnsOf({
          rewards: column(rewards, columns, c),
          values: column(data.values, columns, c),
          terminals: column(terminals, columns, c),
          lasts: column(data.lasts, columns, c),
          discount: 1 - 1 / 333,
          lambda: 0.95,
        }),
      );
      expect(got.shape).toEqual([rows - 1, columns]);
      expectColumns("returns", await got.read(), columns, judged);
    });

    test("golden: DreamerV3's lambda_return", async () => {
      const { shape, rewards, terminals, lasts, returns } = LAMBDA_RETURN;
      const [, columns = 0] = shape;
      const given = [rewards, LAMBDA_RETURN.values, terminals, lasts].map((data) => tensor(data, shape));
      const [r, v, end, last] = given as [Tensor, Tensor, Tensor, Tensor];
      const got = await lambdaReturn(r, v, end, last).read();
      const judged = COLUMNS(columns).map((c) => ({
        want: column(returns, columns, c),
        budget: lambdaReturnsOf({
          rewards: column(rewards, columns, c),
          values: column(LAMBDA_RETURN.values, columns, c),
          terminals: column(terminals, columns, c),
          lasts: column(lasts, columns, c),
          discount: 1 - 1 / 333,
          lambda: 0.95,
        }).budget,
      }));
      expectColumns("returns", got, columns, judged);
    });

    test("integer flags are flags: any but 0 ends", async () => {
      const { engine } = setting();
      const shape = [3, 1];
      const [r, v] = [tensor([9, 1, 2], shape), tensor([9, 4, 8], shape)];
      const none = engine.tensor(Int32Array.of(0, 0, 0), shape);
      const seven = engine.tensor(Uint32Array.of(0, 7, 0), shape);
      const options = { discount: 0.5, lambda: 0.5 };
      // R1 = 2 + 0.5 (0.5 · 8 + 0.5 · 8) = 6, R0 = 1 + 0.5 (0.5 · 4 + 0.5 · 6) = 3.5
      expect([...(await lambdaReturn(r, v, none, none, options).read())]).toEqual([3.5, 6]);
      expect([...(await lambdaReturn(r, v, seven, none, options).read())]).toEqual([1, 6]);
      // The last step of a sequence: its value stands for all that would have come, 1 + 0.5 · 4.
      expect([...(await lambdaReturn(r, v, none, seven, options).read())]).toEqual([3, 6]);
    });

    test("fractions outside 0 to 1 are told at the next read; those of row 0 do not count", async () => {
      const engine = await Engine.create({ backend: setting().engine.backend });
      const plain = engine.tensor([2, 0, 1, 0.5], [4]);
      const bad = engine.tensor([0, 0, 0, 1.5], [4]);
      expect(await lambdaReturn(plain, plain, plain, plain).read()).toHaveLength(3);
      const error = await rejection(lambdaReturn(plain, plain, plain, bad).read());
      expect((error as Error).message).toContain(
        "lambdaReturn: terminals and lasts must be from 0 to 1; element 3 is not",
      );
      engine.dispose();
    });
  });

  describe("normalizeAdvantages", () => {
    async function expectNormalized(data: Float32Array, size: number, epsilon?: number): Promise<void> {
      const minibatch = size < data.length ? { minibatch: size } : {};
      const options = { ...minibatch, ...(epsilon === undefined ? {} : { epsilon }) };
      const got = await normalizeAdvantages(tensor(data, [data.length]), options).read();
      const { want, budget } = normalizedOf(data, size, epsilon ?? 1e-8);
      expectWithin("normalised", got, want, (k) => budget[k] as number);
    }

    test.each([
      [2, 2],
      [63, 63],
      [512, 512],
      [513, 513],
      [4_096, 4_096],
      [4_097, 4_097],
      [100_000, 100_000],
      [1_100_000, 1_100_000],
      [1_000, 64],
      [1_002, 250],
      [20_002, 5_000],
    ])("agrees with f64: %i in minibatches of %i", (total, size) => expectNormalized(values(8, total), size));

    test.each([1e3, 1e6])("an offset of %f costs no digits", (offset) =>
      expectNormalized(
        values(9, 10_000).map((x) => Math.fround(x + offset)),
        10_000,
      ),
    );

    test("golden: NumPy's mean and std with ddof 1", async () => {
      const { advantages, normalized } = NORMALIZED;
      const got = await normalizeAdvantages(tensor(advantages, [advantages.length])).read();
      const { budget } = normalizedOf(advantages, advantages.length, 1e-8);
      expectWithin("normalised", got, normalized, (k) => budget[k] as number);
    });

    test("epsilon is added to std; equal advantages give 0", async () => {
      await expectNormalized(values(10, 100), 100, 0.5);
      expect([...(await normalizeAdvantages(tensor([3, 3, 3], [3])).read())]).toEqual([0, 0, 0]);
    });

    test("a NaN or an infinity spoils its own minibatch only", async () => {
      const data = [1, 2, Number.NaN, 3, 5, 7, Number.POSITIVE_INFINITY, 1];
      const got = await normalizeAdvantages(tensor(data, [8]), { minibatch: 2 }).read();
      expect([...got].map(Number.isNaN)).toEqual([false, false, true, true, false, false, true, true]);
    });

    test("keeps the shape, and nothing gives nothing", async () => {
      expect(normalizeAdvantages(tensor(values(11, 24), [2, 3, 4])).shape).toEqual([2, 3, 4]);
      expect([...(await normalizeAdvantages(tensor([], [0, 4])).read())]).toEqual([]);
    });
  });
});

describe("on the GPU", () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await gpuEngine();
  });
  afterAll(() => engine.dispose());

  test("the workgroups that a real GPU gets agree with f64 too", async () => {
    const { limits } = engine.machine;
    for (const total of [257, 4_097, 1_100_000]) {
      const data = values(12, total);
      const advantages = engine.tensor(data, [total]);
      const plan = planNormalizeAdvantages(advantages, {}, { limits, software: false });
      const { want, budget } = normalizedOf(data, total, 1e-8);
      expectWithin("normalised", await engine.run(plan, { advantages }).y.read(), want, (k) => budget[k] as number);
    }
  });

  test("all are recorded into an encoder of the caller's, with the bits of the calls", async () => {
    const { device } = engine;
    if (!device) throw new Error("no device");
    const [r, v, d] = [engine.tensor(values(1, 60), [20, 3]), engine.tensor(values(2, 63), [21, 3]), flags(3, 60, 0.2)];
    const dones = engine.tensor(d, [20, 3]);
    const [called, more] = [generalizedAdvantageEstimation(r, v, dones), lambdaReturn(r, r, dones, dones)];
    const normal = normalizeAdvantages(called.advantages);
    const encoder = device.createCommandEncoder();
    const recorded = generalizedAdvantageEstimation.encode(encoder, r, v, dones);
    const ofIt = normalizeAdvantages.encode(encoder, recorded.advantages);
    const returns = lambdaReturn.encode(encoder, r, r, dones, dones);
    device.queue.submit([encoder.finish()]);
    for (const [a, b] of [
      [recorded.advantages, called.advantages],
      [recorded.returns, called.returns],
      [ofIt, normal],
      [returns, more],
    ] as const) {
      expect(await a.read()).toEqual(await b.read());
    }
  });
});
