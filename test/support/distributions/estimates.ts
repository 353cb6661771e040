import { UnsupportedError } from "../../../src/core/errors.ts";
import { prefixedFormula } from "../../../src/distributions/parts.ts";
import { estimateExpressions } from "../../../src/expectation/expression-estimate.ts";
import { call, type Expr, number, variable } from "../../../src/expression/expr.ts";
import {
  bernoulli,
  beta,
  binomial,
  categorical,
  cauchy,
  chiSquared,
  type Distribution,
  dirichlet,
  type Engine,
  exponential,
  gamma,
  geometric,
  gumbel,
  halfNormal,
  InputError,
  klDivergence,
  klEstimate,
  laplace,
  logistic,
  logNormal,
  mixture,
  multivariateNormal,
  normal,
  pareto,
  poisson,
  type ScalarDistribution,
  studentT,
  truncatedNormal,
  uniform,
  vonMises,
  type Warning,
  weibull,
} from "../../../src/index.ts";

/** Random numbers of a test's own. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 to below 1 (mulberry32). */
  uniform(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** Log-uniform from 1e-6 to 1e6. */
  size(): number {
    return 10 ** (12 * this.uniform() - 6);
  }

  location(): number {
    return this.uniform() < 0.5 ? -this.size() : this.size();
  }

  /** Log-uniform distances from 0 or 1. */
  probability(): number {
    const distance = 0.5 * 10 ** (-6 * this.uniform());
    return this.uniform() < 0.5 ? distance : 1 - distance;
  }
}

export interface RandomFamily<D extends Distribution = ScalarDistribution> {
  readonly name: string;
  readonly draw: (random: Random) => D;
}

/** Every family of numbers, with random parameters. */
export const randomFamilies: readonly RandomFamily[] = [
  { name: "normal", draw: (r) => normal(r.location(), r.size()) },
  { name: "uniform", draw: (r) => between(r, (low, width) => uniform(low, low + width)) },
  { name: "exponential", draw: (r) => exponential(r.size()) },
  { name: "laplace", draw: (r) => laplace(r.location(), r.size()) },
  { name: "logNormal", draw: (r) => logNormal(r.location(), r.size()) },
  { name: "cauchy", draw: (r) => cauchy(r.location(), r.size()) },
  { name: "pareto", draw: (r) => pareto(r.size(), r.size()) },
  { name: "weibull", draw: (r) => weibull(r.size(), r.size()) },
  { name: "logistic", draw: (r) => logistic(r.location(), r.size()) },
  { name: "gumbel", draw: (r) => gumbel(r.location(), r.size()) },
  { name: "halfNormal", draw: (r) => halfNormal(r.size()) },
  { name: "gamma", draw: (r) => gamma(r.size(), r.size()) },
  { name: "chiSquared", draw: (r) => chiSquared(r.size()) },
  { name: "beta", draw: (r) => beta(r.size(), r.size()) },
  { name: "studentT", draw: (r) => studentT(r.size(), r.location(), r.size()) },
  { name: "vonMises", draw: (r) => vonMises(r.location(), r.size()) },
  {
    name: "truncatedNormal",
    draw: (r) => between(r, (low, width) => truncatedNormal(r.location(), r.size(), low, low + width)),
  },
  { name: "bernoulli", draw: (r) => bernoulli(r.probability()) },
  { name: "geometric", draw: (r) => geometric(r.probability()) },
  { name: "poisson", draw: (r) => poisson(r.size()) },
  { name: "binomial", draw: (r) => binomial(Math.ceil(r.size()), r.probability()) },
];

/** Families of vectors, and of what is made of other distributions, alike. */
export const otherRandomFamilies: readonly RandomFamily<Distribution>[] = [
  { name: "dirichlet", draw: (r) => dirichlet(list(3, () => r.size())) },
  { name: "categorical", draw: (r) => categorical(sharesOf(list(4, () => r.size()))) },
  {
    name: "multivariateNormal",
    draw: (r) =>
      multivariateNormal({
        mean: list(3, () => r.location()),
        scaleTril: list(3, (i) => list(3, (j) => (j > i ? 0 : j === i ? r.size() : r.location()))),
      }),
  },
  {
    name: "mixture",
    draw: (r) =>
      mixture(
        sharesOf(list(2, () => r.size())),
        list(2, () => normal(r.location(), r.size())),
      ),
  },
];

function list<T>(length: number, of: (k: number) => T): T[] {
  return Array.from({ length }, (_, k) => of(k));
}

function sharesOf(sizes: readonly number[]): readonly number[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return sizes.map((size) => size / total);
}

/** An interval whose ends f32 tells apart. */
function between<D>(r: Random, make: (low: number, width: number) => D): D {
  const low = r.location();
  return make(low, Math.max(r.size(), 2 ** -20 * Math.abs(low)));
}

export interface Found {
  readonly what: string;
  readonly got: string;
  readonly want: number;
  /** "warned": off, and said to be; "refused": an error says why there is no answer. */
  readonly verdict: "within" | "warned" | "refused" | "off";
}

/** Estimates of a random member, and of its divergence from another, beside the truth. */
export async function estimatesOf(
  engine: Engine,
  { name, draw }: RandomFamily<Distribution>,
  seed: number,
  samples: number,
): Promise<readonly Found[]> {
  const random = new Random(Math.imul(seed, 2654435761) ^ hash(name));
  const [p, q] = [draw(random), draw(random)];
  const options = { samples, seed };
  const found: Found[] = [];
  // Samples of small probabilities are whole numbers beyond f32's, which is refused.
  if (name === "geometric" && "probability" in p && Number(p.probability) < 3e-6) return [];
  const text = textOf(p);
  const known = knownOf(p).filter(({ want }) => Number.isFinite(want));
  const of = known.map(({ formula }) => formula);
  const told = await estimateExpressions(engine, { where: "expectation", under: p, of, options });
  known.forEach(({ what, want, isIndicator }, k) => {
    const [mean, error] = [told.mean[k] ?? Number.NaN, told.standardError[k] ?? Number.NaN];
    const warnings = told.warnings.filter(
      ({ message }) => !/function \d/.test(message) || message.includes(`function ${k}`),
    );
    // An indicator that was never, or always, 1 has no spread.
    const spread = isIndicator ? Math.sqrt((want * (1 - want)) / samples) : 0;
    found.push(judged(`${text} ${what}`, mean, Math.max(error, spread), want, warnings));
  });
  try {
    const want = klDivergence(p, q);
    const { mean, standardError, warnings } = await klEstimate(engine, p, q, options);
    found.push(judged(`klEstimate(${text}, ${textOf(q)})`, mean, standardError, want, warnings));
  } catch (error) {
    if (!(error instanceof InputError || error instanceof UnsupportedError)) throw error;
    found.push({ what: text, got: error.message, want: Number.NaN, verdict: "refused" });
  }
  return found;
}

interface Known {
  readonly what: string;
  readonly formula: Expr;
  readonly want: number;
  readonly isIndicator?: true;
}

/** Formulas of a sample whose means are known: log p, each coordinate, and of numbers 1[x > median]. */
function knownOf(p: Distribution): readonly Known[] {
  const known: Known[] = [];
  // The entropy of a mixture has no closed form.
  const { logDensity } = p.model;
  if (logDensity && p.name !== "mixture" && p.entropy) {
    known.push({ what: "log p", formula: prefixedFormula(logDensity, "under.", variable), want: -p.entropy() });
  }
  const means = typeof p.mean === "number" ? [p.mean] : p.mean;
  means.forEach((want, k) => {
    known.push({ what: `x[${k}]`, formula: variable(k), want });
  });
  if ("icdf" in p && p.cdf) {
    const median = p.icdf(0.5);
    const isHeld = median === 0 || (Math.abs(median) < 3e38 && Math.abs(median) > 2 ** -126);
    const formula = call("gt", variable(0), number(median));
    if (isHeld) known.push({ what: `1[x > ${median}]`, formula, want: 1 - p.cdf(median), isIndicator: true });
  }
  return known;
}

/** Roundings of f64 in what is summed exactly. */
const ROUNDING = 1e-12;

function judged(what: string, mean: number, error: number, want: number, warnings: readonly Warning[]): Found {
  const within = Math.abs(mean - want) <= 5 * error + ROUNDING * Math.abs(want);
  const codes = warnings.map(({ code }) => code).filter((code) => code !== "zero-variance" || error === 0);
  const got = `${mean} ± ${error} (${((mean - want) / error).toFixed(1)}) ${codes.join(" ")}`;
  return { what, got, want, verdict: within ? "within" : codes.length > 0 ? "warned" : "off" };
}

function textOf(of: Distribution): string {
  return JSON.stringify(of, (key, value) => (key === "shape" || key === "support" ? undefined : value));
}

function hash(text: string): number {
  return [...text].reduce((sum, letter) => Math.imul(sum ^ letter.charCodeAt(0), 16777619), 2166136261);
}
