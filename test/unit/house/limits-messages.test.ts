import { afterAll, beforeAll, expect, test } from "vitest";
import { dirichlet, Engine, expectation, multivariateNormal, sampleAt, UnsupportedError } from "../../../src/index.ts";
import { numberFamilies } from "../../support/distributions/families.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await Engine.create({ backend: "cpu", threads: 0 });
});
afterAll(() => engine.dispose());

const many = (size: number, value: number) => new Array<number>(size).fill(value);

test("a normal vector that is too long for a shader is sent to gaussianLogDensity", () => {
  const wide = multivariateNormal({ mean: many(600, 0), std: many(600, 1) });
  const x = engine.tensor(new Float32Array(600), [1, 600]);
  expect(() => wide.logProb(x)).toThrow(
    "multivariateNormal.logProb: formulas of multivariateNormal in 600 dimensions come to more than 2048 instructions, the most that a shader takes; gaussianLogDensity(x, { mean, std })",
  );
});

test("formulas that are too long are named by their distribution", async () => {
  const wide = dirichlet(many(300, 1));
  const words = "formulas of dirichlet in 300 dimensions come to more than";
  await expect(expectation(engine, { of: "x[0]", under: wide, samples: 1, seed: 1 })).rejects.toThrow(
    `expectation: ${words} 2048`,
  );
  expect(() => sampleAt(wide, { seed: 1, index: 0 })).toThrow(`sampleAt: ${words} 8192`);
  expect(() => wide.logProb(engine.tensor(new Float32Array(300), [1, 300]))).toThrow(
    `dirichlet.logProb: ${words} 2048`,
  );
});

const undrawn = numberFamilies.flatMap((family) =>
  (family.undrawn ?? []).map(([of, words]) => [family.name, of, words] as const),
);

test.each(undrawn)("%s beyond what f32 holds says what the limit is and what has none", (name, distribution, words) => {
  const draw = () => sampleAt(distribution, { seed: 1, index: 0 });
  expect(draw).toThrow(UnsupportedError);
  expect(draw).toThrow(
    `${name}: engines draw and weigh it in 32-bit floats, which ${words}; the logProb, cdf and moments of numbers have no such limit`,
  );
  expect(Number.isFinite(distribution.logProb(distribution.support[0]?.kind === "integers" ? 5 : 0.5))).toBe(true);
  expect(Number.isFinite(distribution.mean)).toBe(true);
});
