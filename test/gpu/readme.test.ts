import { expect, test } from "vitest";
import {
  crossEntropy,
  Engine,
  expectation,
  mergeEstimates,
  normal,
  rowStatistics,
  sampleAt,
  softmax,
} from "../../src/index.ts";

test.each(["webgpu", "cpu"] as const)("the README's expectations print what it says (%s)", async (backend) => {
  using engine = await Engine.create({ backend });
  const under = normal(0, 1);
  const e = await expectation(engine, { of: "x^2", under, samples: 1e6, seed: 42 });
  expect([e.mean, e.standardError]).toEqual([0.9999913040657044, 0.0014129746574933113]);
  expect(e.interval(0.95).map((x) => x.toFixed(5))).toEqual(["0.99722", "1.00276"]);

  const tail = await expectation(engine, { of: "x > 5", under, proposal: normal(5, 1), samples: 1e5 });
  expect(tail.mean.toExponential(4)).toBe("2.8995e-7");
  expect(Math.abs(tail.mean - 2.8665157e-7) / tail.standardError).toBeLessThan(2);

  expect(sampleAt(under, { seed: 42, index: 123_456_789 })).toBe(0.8651582598686218);

  const half = 2 ** 20;
  const parts = [0, half].map((offset) => expectation(engine, { of: "x^2", under, samples: half, offset, seed: 42 }));
  expect(mergeEstimates(...(await Promise.all(parts))).mean).toBe(0.9994948580861092);
});

test.each(["webgpu", "cpu"] as const)("the README's example prints what it says (%s)", async (backend) => {
  using engine = await Engine.create({ backend });
  const data = new Float32Array(7 * 32064);
  data[3 * 32064 + 31872] = 12;
  const logits = engine.tensor(data, [7, 32064]);

  const actions = { classes: [31744, 32000] } as const;
  const q = softmax(logits, actions);
  const targets = [31872, 31872, 31872, 31872, 31872, 31872, 31872];
  const loss = crossEntropy(logits, targets, actions);

  // (6 ln 256 + ln(1 + 255 exp(-12))) / 7, and 1 / (1 + 255 exp(-12)).
  expect((await loss.read())[0]?.toFixed(5)).toBe("4.75323");
  expect((await q.read())[3 * 256 + 128]?.toFixed(6)).toBe("0.998436");

  const report = rowStatistics(logits, targets);
  expect((await report.entropy.read())[0]).toBeCloseTo(Math.log(32064), 5);
  expect((await report.rank.read())[3]).toBe(0);
});
