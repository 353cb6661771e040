import type { Case, Part } from "./case.ts";
import type { Answer, SampleProblem } from "./problem.ts";

const tail = 0.022750131948179209;

const problems = {
  square: {
    group: "monte-carlo",
    integrand: "x²",
    dimensions: 1,
    samples: 16_000_000,
    formula: "x^2",
    truth: 1,
    deviation: Math.SQRT2,
  },
  exponential: {
    group: "monte-carlo",
    integrand: "exp(Σx/10)",
    dimensions: 7,
    samples: 2_000_000,
    formula: "exp(0.1 * (x[0] + x[1] + x[2] + x[3] + x[4] + x[5] + x[6]))",
    truth: Math.exp(0.035),
    deviation: Math.exp(0.035) * Math.sqrt(Math.expm1(0.07)),
  },
  indicator: {
    group: "monte-carlo",
    integrand: "x > 2",
    dimensions: 1,
    samples: 16_000_000,
    formula: "x > 2",
    truth: tail,
    deviation: Math.sqrt(tail * (1 - tail)),
  },
} as const satisfies Readonly<Record<string, SampleProblem>>;

export const sampleParts: readonly Part[] = Object.entries(problems).map(([name, problem]) => ({
  name: `expectation-${name}`,
  ids: [`expectation/${name}`],
  make: () => ({ problem, cases: [sampleCase(problem, `expectation/${name}`)] }),
}));

export function sampleCase(problem: SampleProblem, id: string): Case {
  const { integrand, dimensions, samples } = problem;
  const under = dimensions === 1 ? "a standard normal" : `${dimensions} standard normals`;
  return {
    id,
    task: "expectation",
    title: `E[${integrand}] of ${under}, ${samples.toLocaleString("en")} samples`,
    work: { unit: "10⁶ samples/s", amount: samples, ceiling: "words" },
    judge: (answer) => judgeMean(problem, answer),
  };
}

/** The same question with another number of samples. */
export function withSamples(samples: number): SampleProblem {
  return { ...problems.square, samples };
}

/** The distance from the truth, absolute and in standard errors. */
export function judgeMean({ truth, deviation, samples }: SampleProblem, [got = []]: Answer) {
  const error = Math.abs((got[0] ?? Number.NaN) - truth);
  return { error, standardErrors: (error * Math.sqrt(samples)) / deviation };
}
