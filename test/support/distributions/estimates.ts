import { UnsupportedError } from "../../../src/core/errors.ts";
import { prefixedFormula } from "../../../src/distributions/parts.ts";
import { estimateExpressions } from "../../../src/expectation/expression-estimate.ts";
import { call, type Expr, number, variable } from "../../../src/expression/expr.ts";
import {
  type Distribution,
  type Engine,
  InputError,
  klDivergence,
  klEstimate,
  type Warning,
} from "../../../src/index.ts";
import type { NumberFamily, VectorFamily } from "./description.ts";
import { isDrawn } from "./families.ts";
import { Random, seedOf } from "./random.ts";

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
  { name, draw }: NumberFamily | VectorFamily,
  seed: number,
  samples: number,
): Promise<readonly Found[]> {
  const random = new Random(Math.imul(seed, 2654435761) ^ seedOf(name));
  const [p, q]: readonly [Distribution, Distribution] = [draw(random), draw(random)];
  const options = { samples, seed };
  const found: Found[] = [];
  if (!isDrawn(p)) return [];
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
