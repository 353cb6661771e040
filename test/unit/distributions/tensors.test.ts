import { describe, expect, it, test } from "vitest";
import type { Support } from "../../../src/distributions/distribution.ts";
import { dirichlet, Engine, gumbelSoftmax, type ScalarDistribution } from "../../../src/index.ts";
import { vectorGoldens } from "../../golden/distributions/families.ts";
import { functionsGoldens, made } from "../../golden/distributions/functions.ts";
import { ENDS, onTensor, TOLERANCE } from "../../support/distributions/densities.ts";
import { isDrawn, numberFamilies } from "../../support/distributions/families.ts";
import { Random } from "../../support/distributions/random.ts";

// Costs about five seconds of CPU time.

const families = [...new Set(functionsGoldens.map(({ call }) => call.slice(0, call.indexOf("("))))];

describe("logProb of tensors, of parameters from 1e-6 to 1e6, at points of f32", () => {
  it.each(families)("%s is mpmath's", (family) => {
    const outside: string[] = [];
    for (const golden of functionsGoldens.filter(({ call }) => call.startsWith(`${family}(`))) {
      const of = golden.make();
      if (!isDrawn(of)) continue;
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

describe("logProb of tensors of vectors", () => {
  it("is mpmath's", () => {
    const outside: string[] = [];
    for (const { call, points } of vectorGoldens) {
      const at = onTensor(made(call));
      for (const { x, logProb } of points.filter((point) => point.x.every((c) => Object.is(Math.fround(c), c)))) {
        const { got, size } = at(x);
        if (got === logProb || Math.abs(got - logProb) <= TOLERANCE * size) continue;
        outside.push(
          `${call} at ${x}: got ${got}, want ${logProb}, off by ${Math.abs(got - logProb) / size} of its terms`,
        );
      }
    }
    expect(outside.slice(0, 20), `${outside.length} points`).toEqual([]);
  });
});

const MEMBERS = 24;
const POINTS = 40;

describe("logProb of tensors, of random parameters, at random points", () => {
  it.each(numberFamilies)("$name is the host's", ({ draw, name }) => {
    const random = new Random(name.length + name.charCodeAt(0));
    const outside: string[] = [];
    let points = 0;
    while (points < MEMBERS * POINTS) {
      const of = draw(random);
      if (!isDrawn(of)) continue;
      const at = onTensor(of);
      for (let k = 0; k < POINTS; k++, points++) {
        const x = Math.fround(somewhere(of, random, k));
        if (!Number.isFinite(x) || isRoundedEnd(of, x)) continue;
        const logProb = of.logProb(x);
        const want = Math.abs(logProb) > 3.4e38 ? Math.sign(logProb) * Infinity : logProb;
        const { got, size } = at(x);
        if (got === want || Math.abs(got - want) <= TOLERANCE * size + subnormalError(of, x, logProb)) continue;
        outside.push(`${JSON.stringify(of)} at ${x}: got ${got}, want ${want}, terms ${size}`);
      }
    }
    expect(outside.slice(0, 20), `${outside.length} points`).toEqual([]);
  });
});

/** Every fifth point anywhere, the others at quantiles, some of them far in either tail. */
function somewhere(of: ScalarDistribution, random: Random, k: number): number {
  if (k % 5 === 0) return random.location();
  const tail = random.uniform();
  if (tail < 0.2) return of.icdf(10 ** (-30 * random.uniform()));
  if (tail < 0.4) return of.icdf(1 - 10 ** (-15 * random.uniform()));
  return of.icdf(random.uniform());
}

/** An end of the support is where its f32 is, on either side of the f64 one: samples that are nearest to it have its density. */
function isRoundedEnd(of: ScalarDistribution, x: number): boolean {
  const { low, high } = of.support[0] as Support;
  return (x === Math.fround(low) && x < low) || (x === Math.fround(high) && x > high);
}

/** A subnormal point is known by its logarithm, which f32 rounds at 104; twice that for its difference from another one. */
function subnormalError(of: ScalarDistribution, x: number, logProb: number): number {
  if (Math.abs(x) >= 2 ** -126) return 0;
  const slope = Math.abs(of.logProb(x * (1 + 1e-6)) - logProb) / 1e-6;
  return 2 * 104 * 2 ** -24 * slope;
}

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
    ...[
      [2, 2, 2],
      [0.5, 0.5, 0.5],
      [1, 1, 1],
      [1, 2, 2],
      [0.5, 2, 1],
      [2, 0.5, 1],
    ].map((concentration) => [`dirichlet ${concentration}`, dirichlet(concentration)] as const),
    ...[0.25, 0.5, 2].map((t) => [`gumbelSoftmax at ${t}`, gumbelSoftmax(t, [0.2, 0.3, 0.5])] as const),
  ])("%s", async ([, of]) => {
    const engine = await Engine.create({ backend: "cpu" });
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
