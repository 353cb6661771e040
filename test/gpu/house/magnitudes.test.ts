import { describe, test } from "vitest";
import { LAWS } from "../../support/house/magnitudes.ts";
import { engineFor } from "../../support/rows/calls.ts";
import { expectWithin } from "../../support/tolerance.ts";

describe("squares of values from 2^-124 to 2^127", () => {
  const setting = engineFor("webgpu");

  test.each(LAWS.map((law) => [law.name, law] as const))("%s", async (name, { run }) => {
    const made = [-124, -100, -64, -40, 0, 40, 63, 64, 100, 127].map((exponent) => {
      return { exponent, ...run(setting().engine, exponent, 60) };
    });
    for (const { exponent, got, judged } of made) {
      const { want, budget } = judged;
      expectWithin(`${name} at 2^${exponent}`, await got.read(), want, (k) => budget[k] as number);
    }
  });
});
