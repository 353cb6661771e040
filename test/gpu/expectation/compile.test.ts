import { expect, test } from "vitest";
import { ELEMENTARY } from "../../../src/arithmetic/elementary.ts";
import { Engine, expectation, independent, uniform } from "../../../src/index.ts";
import { exhaustive } from "../../support/exhaustive.ts";

// SwiftShader's compiler takes exponentially long over branches in loops; a formula must not stop a page for minutes.
const LIMIT = 15_000;

async function secondsOf(of: string | string[], dimensions: number): Promise<number> {
  using engine = await Engine.create({ backend: "webgpu" });
  const unit = uniform(0.1, 0.9);
  const under = dimensions === 1 ? unit : independent(new Array(dimensions).fill(unit));
  const started = performance.now();
  const e = await expectation(engine, { of, under, samples: 1_000 });
  expect([e.mean].flat().every(Number.isFinite)).toBe(true);
  return performance.now() - started;
}

/** Those of most branches in `npm test`, where the others are compiled among other formulas. */
const SLOWEST = ["pow", "normalQuantile", "lgamma"] as const;

test.each(exhaustive ? ELEMENTARY : SLOWEST)("%s compiles soon", async (name) => {
  const of = name === "pow" ? "pow(x, 0.6) / x^1.7" : `${name}(x) + ${name}(x / 2)`;
  expect(await secondsOf(of, 1)).toBeLessThan(LIMIT);
});

test("several functions of several coordinates compile soon", async () => {
  const formulas = Array.from({ length: 6 }, (_, k) => `x[${k}]^0.7 + x[${5 - k}] > 1`);
  expect(await secondsOf(formulas, 6)).toBeLessThan(LIMIT);
});
