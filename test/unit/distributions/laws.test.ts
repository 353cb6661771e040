import { describe, expect, it } from "vitest";
import type { ScalarDistribution } from "../../../src/distributions/index.ts";
import { numberFamilies } from "../../support/distributions/families.ts";
import { Random, seedOf } from "../../support/distributions/random.ts";

// Costs three seconds of CPU time.

const LEVELS = [1e-320, 1e-300, 1e-100, 1e-16, 1e-9, 1e-3, 0.1, 0.3, 0.5, 0.7, 0.9, 0.999, 1 - 1e-9, 1 - 2 ** -53];

/** Roundings of a value that two ways lead to. */
const ROUNDING = 1e-14;

// What of P(X <= x) and its kind is not so, at points in order.
function* faultsOf(of: ScalarDistribution, points: readonly number[]): Generator<string> {
  let before = { x: Number.NEGATIVE_INFINITY, cdf: 0, survival: 1, logCdf: Number.NEGATIVE_INFINITY, logSurvival: 0 };
  for (const x of points) {
    const here = { x, cdf: of.cdf(x), survival: of.survival(x), logCdf: of.logCdf(x), logSurvival: of.logSurvival(x) };
    const { cdf, survival, logCdf, logSurvival } = here;
    const words = JSON.stringify(here);
    if (!(cdf >= 0 && cdf <= 1 && survival >= 0 && survival <= 1)) yield `no probability: ${words}`;
    if (!(logCdf <= 0 && logSurvival <= 0)) yield `no logarithm of a probability: ${words}`;
    if (!(Math.abs(cdf + survival - 1) <= ROUNDING)) yield `not 1 together: ${words}`;
    // A logarithm's own rounding is that many times larger in the probability.
    const slackOf = (log: number) => ROUNDING * (1 + Math.min(-log, 700));
    if (
      cdf < before.cdf * (1 - slackOf(before.logCdf)) ||
      survival > before.survival * (1 + slackOf(before.logSurvival))
    ) {
      yield `not increasing: ${JSON.stringify(before)} ${words}`;
    }
    if (logCdf < before.logCdf * (1 + ROUNDING) || logSurvival > before.logSurvival * (1 - ROUNDING)) {
      yield `no increasing logarithm: ${JSON.stringify(before)} ${words}`;
    }
    for (const [value, log] of [
      [cdf, logCdf],
      [survival, logSurvival],
    ] as const) {
      if (value > 1e-290 && !(Math.abs(Math.exp(log) / value - 1) <= slackOf(log))) yield `another logarithm: ${words}`;
      if (value < 1e-290 && log > -667) yield `another logarithm: ${words}`;
    }
    if (Number.isNaN(of.logProb(x))) yield `no density: ${words}`;
    before = here;
  }
}

function* quantileFaults(of: ScalarDistribution): Generator<string> {
  const whole = of.support[0]?.kind === "integers";
  let before = Number.NEGATIVE_INFINITY;
  for (const p of LEVELS) {
    const x = of.icdf(p);
    if (Number.isNaN(x) || x < before) yield `icdf(${p}) is ${x}, of a smaller one ${before}`;
    before = x;
    if (whole && Math.abs(x) < 2 ** 50) {
      const reaches = (k: number) => (p <= 0.5 ? of.cdf(k) >= p : of.survival(k) <= 1 - p);
      if (!reaches(x) || (x > (of.support[0]?.low ?? 0) && reaches(x - 1))) yield `icdf(${p}) is ${x}, not the least`;
    }
  }
}

describe("distribution functions of any parameters", () => {
  it.each(numberFamilies)("$name keeps the laws", ({ name, draw, sampled, examples }) => {
    // Of any size that f32 has.
    const random = new Random(seedOf(name), { decades: 37, digits: 12 });
    const wide = new Random(seedOf(name), { decades: 300 });
    const faults: string[] = [];
    for (const of of [...sampled, ...examples, ...random.list(40, () => draw(random))]) {
      const quantiles = LEVELS.map((p) => of.icdf(p));
      const anywhere = wide.list(12, (k) => wide.location(k % 2 === 0 ? 300 : 40));
      const ends = [Number.NEGATIVE_INFINITY, -1e308, -5e-324, 0, 5e-324, 1e308, Number.POSITIVE_INFINITY];
      const points = [...quantiles, ...anywhere, ...ends].sort((a, b) => a - b);
      const words = JSON.stringify(of);
      for (const fault of [...faultsOf(of, points), ...quantileFaults(of)]) faults.push(`${fault} of ${words}`);
    }
    expect(faults).toEqual([]);
  });
});
