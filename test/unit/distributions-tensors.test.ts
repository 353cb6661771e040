import { describe, expect, it, test } from "vitest";
import { dirichlet, Engine } from "../../src/index.ts";
import { functionsGoldens } from "../golden/functions.ts";
import { ENDS, onTensor } from "../support/densities.ts";

// Costs about three seconds of CPU time.

/** Relative to the sizes of a log-density's terms. */
const TOLERANCE = 4e-6;

const families = [...new Set(functionsGoldens.map(({ call }) => call.slice(0, call.indexOf("("))))];

describe("logProb of tensors, of parameters from 1e-6 to 1e6, at points of f32", () => {
  it.each(families)("%s is mpmath's", (family) => {
    const outside: string[] = [];
    for (const golden of functionsGoldens.filter(({ call }) => call.startsWith(`${family}(`))) {
      const of = golden.make();
      if (of.name === "geometric" && Number((of as { probability?: unknown }).probability) < 3e-6) continue;
      const at = onTensor(of);
      for (const { x, logProb } of golden.points) {
        if (!Object.is(Math.fround(x), x)) continue;
        // Beyond f32 there is only infinity.
        const want = Math.abs(logProb) > 3.4e38 ? Math.sign(logProb) * Infinity : logProb;
        const { got, size } = at(x);
        if (Object.is(got, want) || got === want || Math.abs(got - want) <= TOLERANCE * size) continue;
        outside.push(
          `${golden.call} at ${x}: got ${got}, want ${want}, off by ${(Math.abs(got - want) / size).toExponential(1)} of its terms`,
        );
      }
    }
    expect(outside.slice(0, 20), `${outside.length} points`).toEqual([]);
  });
});

describe("logProb of tensors where f32 ends", () => {
  test.for(ENDS)("$name", async ({ of, points }, { expect }) => {
    const engine = await Engine.create({ backend: "cpu" });
    try {
      const reference = await of.logProb(engine.tensor(Float32Array.from(points), [points.length])).read();
      points.forEach((point, k) => {
        const x = Math.fround(point);
        const want = of.logProb(x);
        const { got, size } = onTensor(of)(x);
        for (const value of [got, reference[k] as number]) {
          if (Math.abs(want) > 3.4e38) expect(value, `${x}`).toBe(Math.sign(want) * Infinity);
          else expect(Math.abs(value - want), `${x}: ${value}, ${want}`).toBeLessThanOrEqual(TOLERANCE * size);
        }
      });
    } finally {
      engine.dispose();
    }
  });

  test.for([
    [2, 2, 2],
    [0.5, 0.5, 0.5],
    [1, 1, 1],
    [1, 2, 2],
    [0.5, 2, 1],
    [2, 0.5, 1],
  ])("dirichlet %s", async (concentration) => {
    const engine = await Engine.create({ backend: "cpu" });
    const of = dirichlet(concentration);
    const points = [
      [0, 0.5, 0.5],
      [0.5, 0, 0.5],
      [0.5, 0.5, 0],
      [0, 0, 1],
      [0.25, 0.25, 0.5],
      [0.5, 0.25, 0],
      [-0.5, 0.5, 1],
    ];
    const found = await of.logProb(engine.tensor(Float32Array.from(points.flat()), [points.length, 3])).read();
    points.forEach((point, k) => {
      const want = of.logProb(point);
      if (Number.isFinite(want)) expect(Math.abs((found[k] as number) - want), `${point}`).toBeLessThan(2e-5);
      else expect(found[k], `${point}`).toBe(want);
    });
    engine.dispose();
  });
});
