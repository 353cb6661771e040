import { describe, expect, it } from "vitest";
import type { Distribution, VectorDistribution } from "../../../src/index.ts";
import { vectorGoldens } from "../../golden/distributions/families.ts";
import {
  type FunctionsGolden,
  type FunctionsPoint,
  functionsGoldens,
  made,
} from "../../golden/distributions/functions.ts";

// Costs about a second of CPU time.

const RELATIVE = 1e-11;

/** Of what is a logarithm, or may be 0 otherwise: as much as its terms' roundings. */
const ABSOLUTE = 1e-13;

/** Roundings in f64 of what is below its normal numbers. */
const SUBNORMAL = 4 * Number.MIN_VALUE;

type Name = "mean" | "variance" | "entropy" | Exclude<keyof FunctionsPoint, "x" | "p">;

interface Difference {
  readonly name: Name;
  /** Of what is allowed; NaN where one of the two is. */
  readonly share: number;
  readonly words: string;
}

function difference(name: Name, words: string, got: number, want: number, slack: number): Difference {
  const share = Object.is(got, want) || got === want ? 0 : Math.abs(got - want) / slack;
  return { name, share, words: `${words}: got ${got}, want ${want}` };
}

function* differences(golden: FunctionsGolden): Generator<Difference> {
  const { call } = golden;
  const of = golden.make();
  const logarithmic = (want: number) => RELATIVE * Math.abs(want) + ABSOLUTE;
  const positive = (want: number) => RELATIVE * want + SUBNORMAL;
  // A mean near 0 is as accurate as what it is a mean of.
  const spread = Number.isFinite(golden.variance) ? Math.sqrt(golden.variance) : 0;
  yield difference("mean", `${call}.mean`, of.mean, golden.mean, RELATIVE * Math.abs(golden.mean) + ABSOLUTE * spread);
  yield difference("variance", `${call}.variance`, of.variance, golden.variance, positive(golden.variance));
  if (golden.entropy !== undefined) {
    yield difference("entropy", `${call}.entropy()`, of.entropy(), golden.entropy, logarithmic(golden.entropy));
  }
  for (const { x, p, icdf, ...point } of golden.points) {
    for (const name of ["logProb", "logCdf", "logSurvival"] as const) {
      // The logarithm of a probability near 1 is as small as the other's probability.
      const slack = name === "logProb" ? logarithmic(point[name]) : positive(-point[name]);
      yield difference(name, `${call}.${name}(${x})`, of[name](x), point[name], slack);
    }
    for (const name of ["cdf", "survival"] as const) {
      yield difference(name, `${call}.${name}(${x})`, of[name](x), point[name], positive(point[name]));
    }
    if (p !== undefined && icdf !== undefined) {
      // What eight roundings of the nearer tail's probability move it by.
      const steep = (8 * 2 ** -53 * Math.min(p, 1 - p)) / Math.exp(point.logProb);
      yield difference("icdf", `${call}.icdf(${p})`, of.icdf(p), icdf, RELATIVE * Math.abs(icdf) + steep);
    }
  }
}

const families = [...new Set(functionsGoldens.map(({ call }) => call.slice(0, call.indexOf("("))))];

describe("functions in f64, of parameters from 1e-6 to 1e6", () => {
  it.each(families)("%s has mpmath's", (family) => {
    const found = functionsGoldens
      .filter(({ call }) => call.startsWith(`${family}(`))
      .flatMap((golden) => [...differences(golden)]);
    const outside = found.filter(({ share }) => !(share <= 1)).sort((a, b) => b.share - a.share);
    expect(outside.map(({ words }) => words)).toEqual([]);
  });
});

describe("functions of vectors in f64", () => {
  it("have mpmath's values", () => {
    const outside: string[] = [];
    const expectNear = (what: string, got: number, want: number, slack: number) => {
      if (!(got === want || Math.abs(got - want) <= slack)) outside.push(`${what}: got ${got}, want ${want}`);
    };
    for (const { call, mean, variance, entropy, points } of vectorGoldens) {
      const of = made(call) as Distribution as VectorDistribution;
      const logarithmic = (want: number) => RELATIVE * Math.abs(want) + ABSOLUTE;
      mean.forEach(
        (want, k) => void expectNear(`${call}.mean[${k}]`, of.mean[k] ?? Number.NaN, want, RELATIVE * Math.abs(want)),
      );
      variance.forEach(
        (want, k) => void expectNear(`${call}.variance[${k}]`, of.variance[k] ?? Number.NaN, want, RELATIVE * want),
      );
      expectNear(`${call}.entropy()`, of.entropy(), entropy, logarithmic(entropy));
      for (const { x, logProb } of points) {
        expectNear(`${call}.logProb(${x})`, of.logProb(x), logProb, logarithmic(logProb));
      }
    }
    expect(outside).toEqual([]);
  });
});
