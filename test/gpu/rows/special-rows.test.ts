import { describe, expect, test } from "vitest";
import type { Tensor } from "../../../src/index.ts";
import { exhaustive } from "../../support/exhaustive.ts";
import { onEach } from "../../support/rows/calls.ts";

const NAN = Number.NaN;
const INF = Number.POSITIVE_INFINITY;
const GONE = Number.NEGATIVE_INFINITY;
const MOST = 3.4028234663852886e38;

interface SpecialRow {
  readonly name: string;
  readonly logits: readonly number[];
  readonly softmax: readonly number[];
  readonly logSoftmax: readonly number[];
  readonly logSumExp: number;
  readonly entropy: number;
  /** Of class 0. */
  readonly loss: number;
  readonly status: number;
  readonly argmax: number;
}

const none = { softmax: [NAN, NAN, NAN, NAN], logSoftmax: [NAN, NAN, NAN, NAN], entropy: NAN, loss: NAN, argmax: -1 };
const half = Math.fround(-Math.LN2);
const quarter = Math.fround(-2 * Math.LN2);

/** Exact f32 values: facts of the extended reals, and roundings of log 2. */
const ROWS: readonly SpecialRow[] = [
  { name: "a NaN", logits: [1, NAN, 2, 3], ...none, logSumExp: NAN, status: 1 },
  { name: "only NaNs", logits: [NAN, NAN, NAN, NAN], ...none, logSumExp: NAN, status: 1 },
  { name: "a NaN and infinities", logits: [INF, NAN, GONE, 3], ...none, logSumExp: NAN, status: 1 },
  { name: "a +Inf", logits: [1, INF, 2, 3], ...none, logSumExp: INF, status: 4 },
  { name: "two infinities of +", logits: [INF, INF, GONE, 3], ...none, logSumExp: INF, status: 4 },
  { name: "+Inf among -Inf", logits: [GONE, GONE, GONE, INF], ...none, logSumExp: INF, status: 4 },
  { name: "nothing but -Inf", logits: [GONE, GONE, GONE, GONE], ...none, logSumExp: GONE, status: 2 },
  {
    name: "-Inf beside finite logits",
    logits: [1, GONE, 1, GONE],
    softmax: [0.5, 0, 0.5, 0],
    logSoftmax: [half, GONE, half, GONE],
    logSumExp: Math.fround(1 + Math.LN2),
    entropy: -half,
    loss: -half,
    status: 0,
    argmax: 0,
  },
  {
    name: "±1e4",
    logits: [1e4, -1e4, 0, 1e4],
    softmax: [0.5, 0, 0, 0.5],
    logSoftmax: [half, Math.fround(-20000 - Math.LN2), Math.fround(-10000 - Math.LN2), half],
    logSumExp: 10000.693359375,
    entropy: -half,
    loss: -half,
    status: 0,
    argmax: 0,
  },
  {
    name: "±FLT_MAX",
    logits: [MOST, -MOST, 0, 1],
    softmax: [1, 0, 0, 0],
    logSoftmax: [0, GONE, -MOST, -MOST],
    logSumExp: MOST,
    entropy: 0,
    loss: 0,
    status: 0,
    argmax: 0,
  },
  {
    name: "nothing but -FLT_MAX",
    logits: [-MOST, -MOST, -MOST, -MOST],
    softmax: [0.25, 0.25, 0.25, 0.25],
    logSoftmax: [quarter, quarter, quarter, quarter],
    logSumExp: -MOST,
    entropy: -quarter,
    loss: -quarter,
    status: 0,
    argmax: 0,
  },
  {
    name: "nothing but FLT_MAX",
    logits: [MOST, MOST, MOST, MOST],
    softmax: [0.25, 0.25, 0.25, 0.25],
    logSoftmax: [quarter, quarter, quarter, quarter],
    logSumExp: MOST,
    entropy: -quarter,
    loss: -quarter,
    status: 0,
    argmax: 0,
  },
  {
    name: "-FLT_MAX and -Inf",
    logits: [-MOST, GONE, -MOST, GONE],
    softmax: [0.5, 0, 0.5, 0],
    logSoftmax: [half, GONE, half, GONE],
    logSumExp: -MOST,
    entropy: -half,
    loss: -half,
    status: 0,
    argmax: 0,
  },
  {
    name: "one -FLT_MAX among -Inf",
    logits: [-MOST, GONE, GONE, GONE],
    softmax: [1, 0, 0, 0],
    logSoftmax: [0, GONE, GONE, GONE],
    logSumExp: -MOST,
    entropy: 0,
    loss: 0,
    status: 0,
    argmax: 0,
  },
  {
    name: "subnormals",
    logits: [1e-45, -1e-45, 1e-40, 0],
    softmax: [0.25, 0.25, 0.25, 0.25],
    logSoftmax: [quarter, quarter, quarter, quarter],
    logSumExp: -quarter,
    entropy: -quarter,
    loss: -quarter,
    status: 0,
    argmax: Number.NaN, // may be flushed to equal zeros, or not
  },
];

onEach((setting) => {
  /** All rows at once, so that none spoils another; each then 4, 7 or 300 classes wide. */
  const widths = exhaustive ? [4, 7, 300] : [7, 300];
  const wide = (logits: readonly number[], width: number) => [
    ...logits,
    ...new Array<number>(width - logits.length).fill(GONE),
  ];

  function tensorOf(width: number): Tensor {
    const { engine } = setting();
    return engine.tensor(
      ROWS.flatMap(({ logits }) => wide(logits, width)),
      [ROWS.length, width],
    );
  }

  /** Exactly the value, but for zeros' signs and 1 ULP of logarithms. */
  function expectValues(row: SpecialRow, got: ArrayLike<number>, want: readonly number[]): void {
    want.forEach((value, k) => {
      const other = got[k] as number;
      const special = !Number.isFinite(value) || value === 0 || Math.abs(value) > 1e38;
      const fits = special ? Object.is(other + 0, value) : Math.abs(other - value) <= 2 ** -23 * Math.abs(value);
      if (!fits) throw new Error(`${row.name}, class ${k}: got ${other}, want ${value}`);
    });
  }

  describe.each(widths)("in %i classes", (width) => {
    const fill = (row: SpecialRow, value: number) =>
      new Array<number>(width - 4).fill(Number.isNaN(row.softmax[0]) ? NAN : value);

    test("softmax", async () => {
      const got = await setting().calls.softmax(tensorOf(width)).read();
      ROWS.forEach((row, r) => {
        expectValues(row, got.subarray(r * width, (r + 1) * width), [...row.softmax, ...fill(row, 0)]);
      });
    });

    test("logSoftmax", async () => {
      const got = await setting().calls.logSoftmax(tensorOf(width)).read();
      ROWS.forEach((row, r) => {
        expectValues(row, got.subarray(r * width, (r + 1) * width), [...row.logSoftmax, ...fill(row, GONE)]);
      });
    });

    test("logSumExp", async () => {
      const got = await setting().calls.logSumExp(tensorOf(width)).read();
      ROWS.forEach((row, r) => {
        expectValues(row, [got[r] ?? 0], [row.logSumExp]);
      });
    });

    test("entropy", async () => {
      const got = await setting().calls.entropy(tensorOf(width)).read();
      ROWS.forEach((row, r) => {
        expectValues(row, [got[r] ?? 0], [row.entropy]);
      });
    });

    test("klDivergence from themselves", async () => {
      const { calls } = setting();
      const got = await calls.klDivergence(tensorOf(width), tensorOf(width)).read();
      ROWS.forEach((row, r) => {
        expectValues(row, [got[r] ?? 0], [row.status === 0 ? 0 : NAN]);
      });
    });

    test("crossEntropy with class 0, and its gradient", async () => {
      const { calls } = setting();
      const ids = new Array<number>(ROWS.length).fill(0);
      const loss = await calls.crossEntropy(tensorOf(width), ids, { reduction: "none" }).read();
      const both = calls.crossEntropyWithGradient(tensorOf(width), ids, { reduction: "none" });
      const [again, gradient] = [await both.loss.read(), await both.gradient.read()];
      ROWS.forEach((row, r) => {
        expectValues(row, [loss[r] ?? 0, again[r] ?? 0], [row.loss, row.loss]);
        const want = row.logits.map((x, k) => {
          if (x === GONE) return 0;
          return row.status === 0 ? (row.softmax[k] ?? 0) - Number(k === 0) : NAN;
        });
        expectValues(row, gradient.subarray(r * width, r * width + 4), want);
      });
    });

    test("rowStatistics", async () => {
      const { calls } = setting();
      const got = calls.rowStatistics(tensorOf(width), new Array<number>(ROWS.length).fill(0));
      const [loss, lse, entropy] = [await got.loss.read(), await got.logSumExp.read(), await got.entropy.read()];
      const [status, argmax, rank] = [await got.status.read(), await got.argmax.read(), await got.rank.read()];
      const [margin, probability] = [await got.margin.read(), await got.probability.read()];
      ROWS.forEach((row, r) => {
        expectValues(row, [loss[r] ?? 0, lse[r] ?? 0], [row.loss, row.logSumExp]);
        expectValues(row, [entropy[r] ?? 0, probability[r] ?? 0], [row.entropy, row.softmax[0] ?? 0]);
        expect([row.name, status[r]]).toEqual([row.name, row.status]);
        if (!Number.isNaN(row.argmax)) expect([row.name, argmax[r]]).toEqual([row.name, row.argmax]);
        if (row.status !== 0) expect([row.name, rank[r], margin[r]]).toEqual([row.name, -1, NAN]);
      });
      expect([...(await got.validCount.read())]).toEqual([ROWS.length]);
    });
  });

  describe("with a temperature", () => {
    test("special rows stay special", async () => {
      const { calls } = setting();
      for (const temperature of [2 ** -100, 0.01, 3, 2 ** 100]) {
        const got = await calls.logSumExp(tensorOf(4), { temperature }).read();
        const rows = await calls.softmax(tensorOf(4), { temperature }).read();
        ROWS.forEach((row, r) => {
          if (row.status !== 0) {
            expectValues(row, [got[r] ?? 0], [row.logSumExp]);
            expectValues(row, rows.subarray(4 * r, 4 * r + 4), row.softmax);
            return;
          }
          expect([row.name, rows.subarray(4 * r, 4 * r + 4).some(Number.isNaN)]).toEqual([row.name, false]);
          row.logits.forEach((x, k) => {
            if (x === GONE) expect(rows[4 * r + k]).toBe(0);
          });
        });
      }
    });

    test("a log-sum-exp beyond f32 is infinite of its sign", async () => {
      const { calls, engine } = setting();
      const x = engine.tensor([1e38, 0, -1e38, -1e38, 1, 0], [3, 2]);
      const got = await calls.logSumExp(x, { temperature: 0.01 }).read();
      expect([got[0], got[1]]).toEqual([INF, GONE]);
      expect(Math.abs((got[2] ?? 0) - 100)).toBeLessThan(1e-4);
    });
  });

  describe("a NaN or +Inf at any place", () => {
    test.each([257, 1_028])("of %i classes is found", async (classes) => {
      const { calls, engine } = setting();
      const data = new Float32Array(2 * classes * classes).fill(1);
      for (let c = 0; c < classes; c++) {
        data[2 * c * classes + c] = NAN;
        data[(2 * c + 1) * classes + c] = INF;
      }
      const got = await calls.logSumExp(engine.tensor(data, [2 * classes, classes])).read();
      const wrong = got.findIndex((value, row) => !Object.is(value, row % 2 === 0 ? NAN : INF));
      expect(wrong).toBe(-1);
    });
  });

  describe("nothing", () => {
    test("an empty batch [0, 5] gives empty results, a sum of 0 and a mean of NaN", async () => {
      const { calls, engine } = setting();
      const x = engine.tensor([], [0, 5]);
      const soft = calls.softmax(x);
      expect(soft.shape).toEqual([0, 5]);
      expect(await soft.read()).toEqual(new Float32Array(0));
      expect(await calls.logSoftmax(x).read()).toHaveLength(0);
      for (const y of [calls.logSumExp(x), calls.entropy(x), calls.klDivergence(x, x)]) {
        expect(y.shape).toEqual([0]);
        expect(await y.read()).toHaveLength(0);
      }
      expect(await calls.crossEntropy(x, [], { reduction: "none" }).read()).toHaveLength(0);
      expect([...(await calls.crossEntropy(x, [], { reduction: "sum" }).read())]).toEqual([0]);
      expect([...(await calls.crossEntropy(x, []).read())]).toEqual([NAN]);
      expect(await calls.crossEntropyWithGradient(x, []).gradient.read()).toHaveLength(0);
      const statistics = calls.rowStatistics(x, []);
      expect(await statistics.argmax.read()).toHaveLength(0);
      expect([...(await statistics.validCount.read())]).toEqual([0]);
      expect(await calls.softmax(x, { mask: [true, true, true, false, true] }).read()).toHaveLength(0);
    });

    test("no classes [3, 0]: softmax is empty, logSumExp -Inf, entropy and divergence 0", async () => {
      const { calls, engine } = setting();
      // Leaves something else than zeros in pooled buffers.
      const other = calls.logSumExp(engine.tensor(new Float32Array(12).fill(7), [3, 4]));
      await other.read();
      other.dispose();
      const x = engine.tensor([], [3, 0]);
      expect(calls.softmax(x).shape).toEqual([3, 0]);
      expect(await calls.softmax(x).read()).toHaveLength(0);
      expect(await calls.logSoftmax(x).read()).toHaveLength(0);
      expect([...(await calls.logSumExp(x).read())]).toEqual([GONE, GONE, GONE]);
      expect([...(await calls.entropy(x).read())]).toEqual([0, 0, 0]);
      expect([...(await calls.klDivergence(x, engine.tensor([], [3, 0])).read())]).toEqual([0, 0, 0]);
    });

    test("no classes [3, 0]: losses are 0, the mean NaN, and no row has a distribution", async () => {
      const { calls, engine } = setting();
      const x = engine.tensor([], [3, 0]);
      const ids = [-100, -100, -100];
      expect([...(await calls.crossEntropy(x, ids, { reduction: "none" }).read())]).toEqual([0, 0, 0]);
      expect([...(await calls.crossEntropy(x, ids, { reduction: "sum" }).read())]).toEqual([0]);
      expect([...(await calls.crossEntropy(x, ids).read())]).toEqual([NAN]);
      const statistics = calls.rowStatistics(x);
      expect([...(await statistics.status.read())]).toEqual([2, 2, 2]);
      expect([...(await statistics.argmax.read())]).toEqual([-1, -1, -1]);
      expect([...(await statistics.validCount.read())]).toEqual([0]);
    });
  });
});
