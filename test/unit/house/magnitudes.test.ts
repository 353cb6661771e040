import { afterAll, beforeAll, describe, test } from "vitest";
import { Engine } from "../../../src/index.ts";
import { LAWS } from "../../support/house/magnitudes.ts";
import { expectWithin } from "../../support/tolerance.ts";

// 7 values a row: the first go to the f64 references, the others to WebAssembly where it has the function.
describe.each([60, 700])("squares of values from 2^-124 to 2^127, %i rows, on the CPU engine", (rows) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await Engine.create({ backend: "cpu", threads: 1 });
  });
  afterAll(() => engine.dispose());

  test.each(LAWS.map((law) => [law.name, law] as const))("%s", async (name, { run }) => {
    for (let exponent = -124; exponent <= 127; exponent = Math.min(exponent + 12, exponent < 127 ? 127 : 128)) {
      const { got, judged } = run(engine, exponent, rows);
      const { want, budget } = judged;
      expectWithin(`${name} at 2^${exponent}`, await got.read(), want, (k) => budget[k] as number);
    }
  });
});
