import { expect, it } from "vitest";
import { classCounts } from "../../../src/distributions/class-counts.ts";
import { binomial } from "../../../src/distributions/index.ts";
import { parameter } from "../../../src/expression/expr.ts";
import { lowerUnchecked } from "../../../src/expression/program.ts";
import { drawer } from "../../../src/sampling/draws.ts";
import { chiSquared } from "../../support/distributions/goodness-of-fit.ts";

// Costs two seconds of CPU time.

const SAMPLES = 8_192;

it.each([
  [1, [0.5, 0.5]],
  [33, [0.125, 0.625, 0.25]],
  [400, [0.5, 0.001, 0.124, 0.125, 0.25]],
  [2 ** 24, [0.25, 0.75]],
])("%d draws of classes of probabilities %j", (count, probabilities) => {
  const classes = probabilities.map((p, k) => ({ p, at: k }));
  const { counts, variates, rejections = [], parameters } = classCounts(count, parameter("all"), classes);
  const sums = probabilities.map((_, k) => counts.get(k) ?? parameter("none"));
  const program = lowerUnchecked([...sums, ...rejections.map(({ accept }) => accept)], "test");
  const given: Readonly<Record<string, number>> = { ...parameters, all: count };
  const integrand = {
    variates,
    rejections: rejections.map((rejection) => rejection.variates),
    program,
    parameters: program.parameters.map((name) => given[name] ?? Number.NaN),
    draws: { kind: "random" },
    tallies: { higher: false, products: [], peaks: [] },
  } as const;
  const address = { generator: "threefry4x32-20", seed: [7, 0], stream: 3 } as const;
  const drawn = drawer(integrand, "f32", SAMPLES)(address, 0, SAMPLES).outputs.slice(0, probabilities.length);
  const totals = Array.from({ length: SAMPLES }, (_, i) => drawn.reduce((sum, counts) => sum + (counts[i] ?? 0), 0));
  expect([Math.min(...totals), Math.max(...totals)]).toEqual([count, count]);
  probabilities.forEach((p, k) => {
    // One seed in 800 would have one of these below.
    expect(chiSquared(Float32Array.from(drawn[k] ?? []), binomial(count, p).cdf), `${k}`).toBeGreaterThan(1e-4);
  });
});
