// Where lanes can exchange values, states of rows are joined without workgroup memory as far as subgroups reach. The machines of
// these tests have software adapters, which give a row to one lane: plans are made for a GPU, and run here.

import { describe, expect, test } from "vitest";
import { Engine } from "../../../src/index.ts";
import { hardRows, randomIds, uniformBatch } from "../../support/data.ts";
import { ownDevice } from "../../support/device.ts";
import { callsFor, engineFor } from "../../support/rows/calls.ts";
import { judgeDivergence, judgeEntropy, judgeGradient, judgeLosses, judgeSoftmax } from "../../support/rows/judge.ts";
import { distributions, rankingOf } from "../../support/rows/reference.ts";

/** SwiftShader has subgroups of 4 lanes under Tint; Firefox does not know them. */
const firefox = /firefox/i.test(navigator.userAgent);

test("an engine asks for subgroups, and says how large they are", async () => {
  using engine = await Engine.create({ backend: "webgpu" });
  expect(engine.adapter.subgroups).toEqual(firefox ? undefined : { min: 4, max: 4 });
});

test("an adopted device without the feature has none", async () => {
  const device = await ownDevice();
  using engine = await Engine.create({ device });
  expect(engine.adapter.subgroups).toBeUndefined();
  device.destroy();
});

describe.runIf(!firefox)("lanes of subgroups", () => {
  const setting = engineFor(
    "webgpu",
    callsFor((limits) => ({ limits, software: false, subgroups: true })),
  );

  // 8 lanes a row, 256, and 256 a segment.
  test.each([100, 20_000])("agree with the f64 reference on %i classes", async (classes) => {
    const { calls, tensor } = setting();
    const batch = hardRows(classes);
    judgeSoftmax(await calls.softmax(tensor(batch)).read(), batch);
    judgeEntropy(await calls.entropy(tensor(batch)).read(), batch);
  });

  test("join what a kernel wants besides, and pairs of rows", async () => {
    const { calls, tensor } = setting();
    const data = uniformBatch(10, 9, 3_001, 2).data.map((x) => Math.round(x * 2));
    const batch = { data, rows: 9, classes: 3_001 };
    const ids = randomIds(11, 9, 3_001);
    const got = calls.rowStatistics(tensor(batch), ids);
    judgeLosses(await got.loss.read(), batch, ids);
    const rankings = distributions(batch).map((d) => rankingOf(d));
    expect(await got.argmax.read()).toEqual(Int32Array.from(rankings, ([best]) => best ?? -1));
    expect(await got.rank.read()).toEqual(Int32Array.from(rankings, (ranking, row) => ranking.indexOf(ids[row] ?? -1)));
    const choice = { labelSmoothing: 0.1, reduction: "none" } as const;
    const { loss, gradient } = calls.crossEntropyWithGradient(tensor(batch), ids, choice);
    judgeLosses(await loss.read(), batch, ids, choice);
    judgeGradient(await gradient.read(), batch, ids, choice);
    const other = uniformBatch(12, 9, 3_001, 6);
    judgeDivergence(await calls.klDivergence(tensor(batch), tensor(other)).read(), batch, other);
  });
});
