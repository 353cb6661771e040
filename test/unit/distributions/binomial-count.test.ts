import { describe, expect, it } from "vitest";
import { double } from "../../../src/arithmetic/double.ts";
import { single } from "../../../src/arithmetic/single.ts";
import { binomialCount, hatWidth } from "../../../src/distributions/binomial-count.ts";
import { binomial } from "../../../src/distributions/index.ts";
import { evaluator } from "../../../src/expression/evaluate.ts";
import { parameter, variable } from "../../../src/expression/expr.ts";
import { lowerUnchecked } from "../../../src/expression/program.ts";
import { chiSquared } from "../../support/distributions/goodness-of-fit.ts";
import { Random } from "../../support/distributions/random.ts";

/** Counts of some trials, of variates of the test's own, and the share of these that was accepted. */
function drawn(trials: number, chance: number, usual: number, size: number) {
  const { count, accept, parameters } = binomialCount(
    parameter("trials"),
    chance,
    usual,
    [variable(0), variable(1)],
    "",
  );
  const program = lowerUnchecked([count, accept], "test");
  const given: Readonly<Record<string, number>> = { ...parameters, trials };
  const values = program.parameters.map((name) => given[name] ?? Number.NaN);
  const random = new Random(trials);
  const uniforms = [0, 1].map(() => Float32Array.from({ length: size }, () => random.uniform() + 2 ** -33 || 2 ** -33));
  const [counts, accepts] = evaluator(program, single)(uniforms, values.map(Math.fround), size);
  const accepted = Array.from({ length: size }, (_, k) => k).filter((k) => accepts?.[k] === 1);
  return { counts: Float32Array.from(accepted, (k) => counts?.[k] as number), share: accepted.length / size };
}

function widthOf(mean: number, variance: number): number {
  const run = evaluator(lowerUnchecked([hatWidth(variable(0), variable(1))], "test"), double);
  return run([Float64Array.of(mean), Float64Array.of(variance)], [], 1)[0]?.[0] ?? Number.NaN;
}

describe("binomial counts of any number of trials", () => {
  it.each([
    [1, 0.5, 1],
    [2, 0.5, 30],
    [5, 0.1, 0],
    [40, 0.01, 60],
    [300, 0.4, 250],
    [1_000, 0.003, 2_000],
    [100_000, 0.5, 100_200],
    [2 ** 24, 0.3, 2 ** 24],
    [12_345_678, 0.123, 12_350_000],
  ])("of %d trials at %d, near %d", (trials, chance, usual) => {
    const { counts, share } = drawn(trials, chance, usual, 40_000);
    expect(share).toBeGreaterThan(0.375);
    // One seed in 1,000 would have one of these below.
    expect(chiSquared(counts, binomial(trials, chance).cdf)).toBeGreaterThan(1e-4);
  });

  it("of none are 0, at once", () => {
    const { counts, share } = drawn(0, 0.3, 5, 100);
    expect([share, Math.max(...counts)]).toEqual([1, 0]);
  });

  // What ratios of uniforms need: the root of each mass, over the largest, times the farther distance of its cell from the centre, within the hat.
  it("lie under the hat", () => {
    for (const trials of [1, 2, 3, 5, 9, 20, 64, 200, 1_000]) {
      const means = [0.01, 0.25, 0.5, 0.9, 1, 1.1, 2, 3, 5, 10, 30].map((mean) => mean / trials);
      for (const chance of [...means, 1e-6, 0.01, 0.1, 0.2, 0.3, 0.4, 0.45, 0.5].filter((p) => p <= 0.5)) {
        const of = binomial(trials, chance);
        const [mean, most] = [of.mean, Math.max(of.logProb(of.mode), of.logProb(Math.min(of.mode + 1, trials)))];
        const width = widthOf(mean, of.variance);
        for (let k = 0; k <= trials; k++) {
          const farther = Math.max(Math.abs(k - mean - 0.5), Math.abs(k + 0.5 - mean));
          const needed = 2 * farther * Math.exp((of.logProb(k) - most) / 2);
          expect(needed, `${k} of ${trials} at ${chance}`).toBeLessThanOrEqual(width * (1 + 1e-12));
          if (k > mean && of.logProb(k) < most - 60) break;
        }
      }
    }
  });
});
