import { dimensionOf, type FamilyName, type Question } from "./model.ts";
import { type Batch, integrate } from "./quadrature.ts";

/** What is known of an expectation without sampling. */
export interface Truth {
  readonly mean: number;
  /** How far off the mean may be; 0 for a closed form. */
  readonly error: number;
  /** Standard deviation of f under the distribution, where it is finite and known. */
  readonly deviation: number | undefined;
  /** Where it comes from, such as "μ² + σ²" or "f64 quadrature". */
  readonly source: string;
}

interface ClosedForm {
  readonly formula: string;
  readonly family: FamilyName;
  readonly words: string;
  readonly mean: (a: number, b: number) => number;
}

const closedForms: readonly ClosedForm[] = [
  { formula: "x", family: "normal", words: "μ", mean: (m) => m },
  { formula: "x", family: "uniform", words: "(a + b)/2", mean: (a, b) => (a + b) / 2 },
  { formula: "x", family: "exponential", words: "1/λ", mean: (rate) => 1 / rate },
  { formula: "x", family: "laplace", words: "μ", mean: (m) => m },
  { formula: "x", family: "logNormal", words: "exp(μ + σ²/2)", mean: (m, s) => Math.exp(m + (s * s) / 2) },
  { formula: "x^2", family: "normal", words: "μ² + σ²", mean: (m, s) => m * m + s * s },
  { formula: "x^2", family: "exponential", words: "2/λ²", mean: (rate) => 2 / rate ** 2 },
  { formula: "x^2", family: "uniform", words: "(a² + ab + b²)/3", mean: (a, b) => (a * a + a * b + b * b) / 3 },
  { formula: "exp(x)", family: "normal", words: "exp(μ + σ²/2)", mean: (m, s) => Math.exp(m + (s * s) / 2) },
  {
    formula: "exp(x)",
    family: "uniform",
    words: "(eᵇ − eᵃ)/(b − a)",
    mean: (a, b) => (Math.exp(b) - Math.exp(a)) / (b - a),
  },
  {
    formula: "x^6",
    family: "normal",
    words: "μ⁶ + 15μ⁴σ² + 45μ²σ⁴ + 15σ⁶",
    mean: (m, s) => m ** 6 + 15 * m ** 4 * s ** 2 + 45 * m ** 2 * s ** 4 + 15 * s ** 6,
  },
  {
    formula: "x^2*(x-1)",
    family: "normal",
    words: "μ³ + 3μσ² − μ² − σ²",
    mean: (m, s) => m ** 3 + 3 * m * s * s - m * m - s * s,
  },
];

const unitSquare: ReadonlyMap<string, { mean: number; deviation: number; words: string }> = new Map([
  [
    "4*(x[0]^2+x[1]^2<1)",
    { mean: Math.PI, deviation: Math.sqrt(Math.PI * (4 - Math.PI)), words: "π, four times a quarter circle" },
  ],
]);

/**
 * The truth of a question, by a closed form or by f64 quadrature; undefined where neither is to be had.
 *
 * @param evaluate - the formula in f64, at many points of one coordinate
 */
export function truthOf(question: Question, evaluate: Batch): Truth | undefined {
  const { family, a, b } = question;
  const formula = question.formula.replace(/\s+/g, "");
  if (dimensionOf(formula) > 1) {
    const known = family === "uniform" && a === 0 && b === 1 ? unitSquare.get(formula) : undefined;
    return known && { mean: known.mean, error: 0, deviation: known.deviation, source: known.words };
  }
  const moments = quadratureMoments(question, evaluate);
  const closed = closedForms.find((form) => form.formula === formula && form.family === family);
  if (closed) return { mean: closed.mean(a, b), error: 0, deviation: moments?.deviation, source: closed.words };
  return moments && { ...moments, source: "f64 quadrature" };
}

function quadratureMoments(
  question: Question,
  evaluate: Batch,
): { mean: number; error: number; deviation: number | undefined } | undefined {
  const first = settled((f) => f, question, evaluate);
  if (first === undefined) return undefined;
  const centred = settled((f) => (f - first.value) ** 2, question, evaluate);
  return { mean: first.value, error: first.error, deviation: centred && Math.sqrt(centred.value) };
}

/** The integral, unless it changes when the range grows: then it most likely does not exist. */
function settled(of: (value: number) => number, question: Question, evaluate: Batch) {
  const over = (reach: number) => {
    const { from, to, point, density } = chart(question, reach);
    return integrate(
      (ts) => {
        const values = evaluate(ts.map(point));
        // Where the density is 0 in f64 nothing is added, whatever the formula overflows to.
        return ts.map((t, i) => {
          const weight = density(t);
          return weight === 0 ? 0 : weight * of(values[i] ?? Number.NaN);
        });
      },
      from,
      to,
    );
  };
  const [near, far] = [over(1), over(1.25)];
  const slack = 10 * (near.error + far.error) + 1e-10 * far.size;
  if (!Number.isFinite(far.value) || Math.abs(near.value - far.value) > slack) return undefined;
  return far.error > 1e-6 * far.size ? undefined : far;
}

interface Chart {
  readonly from: number;
  readonly to: number;
  /** x at a coordinate of the chart. */
  readonly point: (t: number) => number;
  /** Density over the chart's coordinate. */
  readonly density: (t: number) => number;
}

/** A coordinate over which the density is smooth; beyond `reach` times its range the rest is below 1e-100. */
function chart({ family, a, b }: Question, reach: number): Chart {
  const gaussian = (t: number) => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
  const wide = 24 * reach;
  switch (family) {
    case "normal":
      return { from: -wide, to: wide, point: (t) => a + b * t, density: gaussian };
    case "logNormal":
      return { from: -wide, to: wide, point: (t) => Math.exp(a + b * t), density: gaussian };
    case "uniform":
      return { from: a, to: b, point: (t) => t, density: () => 1 / (b - a) };
    case "exponential":
      return { from: 0, to: 300 * reach, point: (t) => t / a, density: (t) => Math.exp(-t) };
    case "laplace":
      return {
        from: -300 * reach,
        to: 300 * reach,
        point: (t) => a + b * t,
        density: (t) => Math.exp(-Math.abs(t)) / 2,
      };
  }
}
