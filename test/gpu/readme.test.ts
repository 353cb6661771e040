import { expect, test } from "vitest";
import { crossEntropy, Engine, rowStatistics, softmax } from "../../src/index.ts";

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
