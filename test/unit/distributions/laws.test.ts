import { describe, expect, it } from "vitest";
import {
  bernoulli,
  beta,
  binomial,
  categorical,
  cauchy,
  chiSquared,
  exponential,
  gamma,
  geometric,
  gumbel,
  halfNormal,
  laplace,
  logistic,
  logNormal,
  mixture,
  normal,
  pareto,
  poisson,
  type ScalarDistribution,
  studentT,
  truncatedNormal,
  uniform,
  vonMises,
  weibull,
} from "../../../src/distributions/index.ts";

// Costs three seconds of CPU time.

/** Numbers from 0 to 1 of a seed (the mulberry32 generator). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Draw = () => number;

/** Of any size that f32 has. */
const sizeOf = (random: Draw, decades = 37) => 10 ** ((2 * random() - 1) * decades);
const signedOf = (random: Draw, decades = 37) => (random() < 0.5 ? -1 : 1) * sizeOf(random, decades);
const shareOf = (random: Draw) => {
  const share = 10 ** (-12 * random());
  return random() < 0.5 ? share : 1 - share;
};

const families: Readonly<Record<string, (random: Draw) => ScalarDistribution>> = {
  bernoulli: (random) => bernoulli(shareOf(random)),
  beta: (random) => beta(sizeOf(random, 18), sizeOf(random, 18)),
  binomial: (random) => binomial(Math.round(sizeOf(random, 15)), shareOf(random)),
  categorical: (random) => {
    const logits = Array.from({ length: 1 + Math.floor(9 * random()) }, () => 40 * random());
    return categorical({ logits });
  },
  cauchy: (random) => cauchy(signedOf(random), sizeOf(random)),
  chiSquared: (random) => chiSquared(sizeOf(random)),
  exponential: (random) => exponential(sizeOf(random)),
  gamma: (random) => gamma(sizeOf(random, 18), sizeOf(random, 18)),
  geometric: (random) => geometric(shareOf(random)),
  gumbel: (random) => gumbel(signedOf(random), sizeOf(random)),
  halfNormal: (random) => halfNormal(sizeOf(random)),
  laplace: (random) => laplace(signedOf(random), sizeOf(random)),
  logNormal: (random) => logNormal(signedOf(random, 3), sizeOf(random, 6)),
  logistic: (random) => logistic(signedOf(random), sizeOf(random)),
  mixture: (random) => {
    const share = shareOf(random);
    return mixture([share, 1 - share], [normal(signedOf(random, 3), sizeOf(random, 3)), cauchy(0, sizeOf(random, 3))]);
  },
  normal: (random) => normal(signedOf(random), sizeOf(random)),
  pareto: (random) => pareto(sizeOf(random), sizeOf(random)),
  poisson: (random) => poisson(random() < 0.1 ? 0 : sizeOf(random)),
  studentT: (random) => studentT(sizeOf(random), signedOf(random), sizeOf(random)),
  truncatedNormal: (random) => {
    while (true) {
      const [mean, std] = [signedOf(random, 15), sizeOf(random, 15)];
      const ends = [signedOf(random, 15), random() < 0.5 ? mean + std * signedOf(random, 2) : signedOf(random, 15)];
      const [low = 0, high = 0] = ends.sort((a, b) => a - b);
      if (Math.fround(low) < Math.fround(high)) return truncatedNormal(mean, std, low, high);
    }
  },
  uniform: (random) => {
    const [low = 0, high = 0] = [signedOf(random), signedOf(random)].sort((a, b) => a - b);
    return Math.fround(low) < Math.fround(high) ? uniform(low, high) : uniform(0, 1);
  },
  vonMises: (random) => vonMises(signedOf(random, 5), random() < 0.1 ? 0 : sizeOf(random, 10)),
  weibull: (random) => weibull(sizeOf(random), sizeOf(random)),
};

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
  it.each(Object.entries(families))("%s keeps the laws", (name, draw) => {
    const random = randomOf(name.length * 1000 + name.charCodeAt(0));
    const faults: string[] = [];
    for (let n = 0; n < 40; n++) {
      const of = draw(random);
      const quantiles = LEVELS.map((p) => of.icdf(p));
      const anywhere = Array.from({ length: 12 }, () => signedOf(random, random() < 0.5 ? 300 : 40));
      const ends = [Number.NEGATIVE_INFINITY, -1e308, -5e-324, 0, 5e-324, 1e308, Number.POSITIVE_INFINITY];
      const points = [...quantiles, ...anywhere, ...ends].sort((a, b) => a - b);
      const words = JSON.stringify(of);
      for (const fault of [...faultsOf(of, points), ...quantileFaults(of)]) faults.push(`${fault} of ${words}`);
    }
    expect(faults).toEqual([]);
  });
});
