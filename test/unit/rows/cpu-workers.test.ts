import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Values } from "../../../src/engine/values.ts";
import { batchOf, randomIds, uniformBatch } from "../../support/data.ts";
import { optionsOf, run, shared } from "../../support/rows/cpu-rows.ts";
import {
  distributions,
  entropyOf,
  logProbabilityOf,
  logSumExpOf,
  probabilityOf,
} from "../../support/rows/reference.ts";
import {
  entropyTolerance,
  expectWithin,
  logSumExpTolerance,
  lossTolerance,
  softmaxTolerance,
} from "../../support/tolerance.ts";

beforeAll(() => shared.hold());
afterAll(() => shared.release());

/** What `toEqual` says, sooner. */
function expectSameBits(got: Values | undefined, want: Values | undefined): void {
  const bytes = (values: Values | undefined) => Buffer.from(values?.buffer ?? new ArrayBuffer(0));
  expect(bytes(got).equals(bytes(want))).toBe(true);
}

describe("on workers", () => {
  test("rows have the same bits as on one thread", async () => {
    for (const [rows, classes] of [
      [2_001, 150],
      [40_001, 7],
      [9, 30_000],
    ] as const) {
      const batch = uniformBatch(rows, rows, classes, 8);
      const targets = randomIds(1, rows, classes);
      const options = {
        ...optionsOf(batch, {}),
        reduction: "none",
        ignoreIndex: -100,
        zLoss: 0,
        smoothing: 0,
        soft: false,
      };
      for (const name of ["softmax", "logSoftmax", "logSumExp", "entropy", "crossEntropyWithGradient"]) {
        const [one, several] = await Promise.all(
          [1, 3].map((threads) => run(name, options, { x: batch.data, targets }, shared, threads)),
        );
        for (const [key, values] of Object.entries(one ?? {})) expectSameBits(several?.[key], values);
      }
    }
  });

  test("few long rows agree with the f64 reference", async () => {
    const long = 131_101;
    const batch = batchOf([(c) => c * 1e-4, (c) => (c === 99_999 ? 30 : Math.sin(c) * 9)], long);
    for (const choice of [{}, { temperature: 2, classes: [5, long - 20] }] as const) {
      const options = optionsOf(batch, choice);
      const of = async (name: string) => (await run(name, options, { x: batch.data }, shared, 5)).y as Values;
      const rows = distributions(batch, choice);
      const [p, logP] = [await of("softmax"), await of("logSoftmax")];
      const [lse, h] = [await of("logSumExp"), await of("entropy")];
      for (const [row, d] of rows.entries()) {
        const part = (values: Values) => values.subarray(row * d.scaled.length, (row + 1) * d.scaled.length);
        const each = (value: (k: number) => number) => Float64Array.from(d.scaled, (_, k) => value(k));
        expectWithin(
          "softmax",
          part(p),
          each((k) => probabilityOf(d, k)),
          (k) => softmaxTolerance(d, k, 2),
        );
        expectWithin(
          "logSoftmax",
          part(logP),
          each((k) => logProbabilityOf(d, k)),
          (k) => lossTolerance(d, k),
        );
      }
      expectWithin("logSumExp", lse, rows.map(logSumExpOf), (row) =>
        logSumExpTolerance(logSumExpOf(rows[row] as never)),
      );
      expectWithin("entropy", h, rows.map(entropyOf), (row) => entropyTolerance(rows[row] as never));
    }
  });

  test("a long row without a distribution is what it is", async () => {
    const long = 131_101;
    const batch = (value: number, k: number) => batchOf([(c) => (c === k ? value : 1), (c) => c / long], long);
    for (const [value, lse] of [
      [Number.NaN, Number.NaN],
      [Infinity, Infinity],
    ] as const) {
      const { data, ...odd } = batch(value, long - 1);
      const of = async (name: string) => (await run(name, optionsOf({ data, ...odd }, {}), { x: data }, shared, 5)).y;
      expect((await of("logSumExp"))?.[0]).toBe(lse);
      expect((await of("entropy"))?.[0]).toBeNaN();
      expect((await of("softmax"))?.[0]).toBeNaN();
      expect((await of("softmax"))?.[2 * long - 1]).toBeGreaterThan(0);
    }
  });
});
