import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Distribution, Engine, gamma, poisson, type ScalarDistribution } from "../../../src/index.ts";
import { samplerBitsOfFamilies } from "../../golden/distributions/families.ts";
import { samplerBits } from "../../golden/distributions/sampler-bits.ts";
import { title } from "../../support/distributions/families.ts";
import { chiSquared, hashOf, kolmogorovSmirnov } from "../../support/distributions/goodness-of-fit.ts";
import { FEW_SAMPLES, SAMPLES, SEED, scalars, vectors } from "../../support/distributions/sampled.ts";
import { exhaustive } from "../../support/exhaustive.ts";

const pinned: Readonly<Record<string, readonly string[]>> = { ...samplerBits, ...samplerBitsOfFamilies };

/** What the samples of the fixed seed must not fall below: of all looks of this file together, one seed in 200 would. */
const LEAST_PROBABILITY = 1e-4;

const COUNT = exhaustive ? SAMPLES : FEW_SAMPLES;

/** The GPU's samples, each of which compiles; in `npm test` every fourth of them, and otherwise the CPU engine's, whose bits are pinned alike. */
const drawer = (k: number) => (exhaustive || k % 4 === 0 ? engine : cpu);

let engine: Engine;
let cpu: Engine;
beforeAll(async () => {
  engine = await Engine.create({ backend: "webgpu" });
  cpu = await Engine.create({ backend: "cpu" });
});
afterAll(() => {
  engine.dispose();
  cpu.dispose();
});

async function draw(of: Distribution, on: Engine, count: number): Promise<Float32Array> {
  const samples = of.sample(on, count, { seed: SEED });
  const values = await samples.read();
  samples.dispose();
  return values as Float32Array;
}

const TWIN = 4_096;

/** The first bits are this browser's CPU engine's, and all of them those that it had when they were pinned. */
async function checkBits(of: Distribution, samples: Float32Array): Promise<void> {
  const twin = await draw(of, cpu, TWIN);
  expect(samples.slice(0, twin.length)).toEqual(twin);
  expect(hashOf(samples)).toBe(pinned[title(of)]?.[exhaustive ? 1 : 0]);
}

function weightedSums(rows: Float32Array, weights: readonly number[]): Float32Array {
  const sums = new Float32Array(rows.length / weights.length);
  weights.forEach((weight, k) => {
    for (let i = 0; i < sums.length; i++) {
      sums[i] = (sums[i] as number) + weight * (rows[i * weights.length + k] as number);
    }
  });
  return sums;
}

/** How probable it is that samples are at least as far from a distribution as these. */
function probabilityOf(samples: Float32Array, { support, cdf }: ScalarDistribution): number {
  return (support[0]?.kind === "integers" ? chiSquared : kolmogorovSmirnov)(samples, cdf);
}

describe(`${COUNT} samples have the distribution`, () => {
  test.each(scalars.map((of, k) => [title(of), of, k] as const))("%s", async (_, of, k) => {
    const samples = await draw(of, drawer(k), COUNT);
    await checkBits(of, samples);
    expect(probabilityOf(samples, of)).toBeGreaterThan(LEAST_PROBABILITY);
  });

  test.each(vectors.map(([of, looks], k) => [title(of), of, looks, k] as const))("%s", async (_, of, looks, k) => {
    const samples = await draw(of, drawer(k), COUNT);
    await checkBits(of, samples);
    for (const { weights, is } of looks) {
      const values = weightedSums(samples, weights);
      expect(probabilityOf(values, is), `${weights}`).toBeGreaterThan(LEAST_PROBABILITY);
    }
  });
});

test("the tests find a distribution that is slightly another", async () => {
  // What can be told goes with the inverse of the square root of the samples' number.
  const coarser = Math.sqrt(SAMPLES / COUNT);
  const samples = await draw(gamma(2.5, 0.8), cpu, COUNT);
  expect(kolmogorovSmirnov(samples, gamma(2.5 + 0.03 * coarser, 0.8).cdf)).toBeLessThan(LEAST_PROBABILITY);
  const counts = await draw(poisson(9.5), cpu, COUNT);
  expect(chiSquared(counts, poisson(9.5 + 0.05 * coarser).cdf)).toBeLessThan(LEAST_PROBABILITY);
});
