import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { beta, Engine, expectation, normal } from "../../../src/index.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await Engine.create({ backend: "cpu", threads: 0 });
});
afterAll(() => engine.dispose());

const call = { of: "x", samples: 4_096, seed: 7 } as const;

describe.each([false, true])("weights that vanish, selfNormalised: %s", (selfNormalised) => {
  test("all 0: are told of as that, with the largest log-weight, and nothing else is said", async () => {
    const estimate = await expectation(engine, {
      ...call,
      under: normal(0, 1),
      proposal: normal(40, 1),
      selfNormalised,
    });
    expect(estimate.mean).toBe(selfNormalised ? Number.NaN : 0);
    expect(estimate.warnings).toEqual([
      {
        code: "underflow",
        message: expect.stringMatching(
          /^All 4096 weights are 0 in 32-bit floats \(log-weights below -87; the largest of the first samples is -7\d\d\): the proposal hardly reaches/,
        ),
      },
    ]);
  });
});

test("a support that the first samples miss is no log-weight", async () => {
  const estimate = await expectation(engine, { ...call, under: beta(2, 2), proposal: normal(1e6, 1) });
  expect(estimate.snapshot.scheme.logWeight).toBeUndefined();
  const lost = estimate.warnings.find(({ code }) => code === "underflow");
  expect(lost?.message).toMatch(/^All 4096 weights are 0 in 32-bit floats \(log-weights below -87\)/);
});

test("weights that f32 holds are warned of as before", async () => {
  const estimate = await expectation(engine, { ...call, under: normal(0, 1), proposal: normal(4, 1) });
  expect(estimate.snapshot.scheme.logWeight).toBeUndefined();
  expect(estimate.warnings.map(({ code }) => code)).toContain("low-effective-sample-size");
});
