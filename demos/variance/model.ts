import type { Method } from "../../src/index.ts";

export type FamilyName = "uniform" | "normal" | "exponential" | "logNormal" | "laplace";

export interface Parameter {
  readonly symbol: string;
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly initial: number;
}

/** A distribution as the reader meets it. */
export interface Family {
  readonly name: FamilyName;
  readonly title: string;
  readonly parameters: readonly Parameter[];
}

const location = (symbol: string, name: string): Parameter => ({ symbol, name, least: -20, most: 20, initial: 0 });
const scale = (symbol: string, name: string): Parameter => ({ symbol, name, least: 0.01, most: 20, initial: 1 });

export const families: readonly Family[] = [
  { name: "normal", title: "Normal", parameters: [location("μ", "mean"), scale("σ", "standard deviation")] },
  {
    name: "uniform",
    title: "Uniform",
    parameters: [location("a", "low"), { ...location("b", "high"), initial: 1 }],
  },
  { name: "exponential", title: "Exponential", parameters: [scale("λ", "rate")] },
  {
    name: "logNormal",
    title: "Log-normal",
    parameters: [location("μ", "mean of log x"), { ...scale("σ", "standard deviation of log x"), most: 4 }],
  },
  { name: "laplace", title: "Laplace", parameters: [location("μ", "mean"), scale("b", "scale")] },
];

export function familyOf(name: FamilyName): Family {
  return families.find((family) => family.name === name) ?? (families[0] as Family);
}

/** What is asked: the expectation of a formula under a distribution. */
export interface Question {
  readonly formula: string;
  readonly family: FamilyName;
  readonly a: number;
  readonly b: number;
}

/** A question that the page offers, and what it is good for. */
export interface Preset extends Question {
  readonly id: string;
  readonly title: string;
  readonly hint: string;
  /** A companion whose mean is known, for the control variate. */
  readonly control?: { readonly of: string; readonly mean: number };
}

export const presets: readonly Preset[] = [
  {
    id: "pi",
    title: "π by throwing darts",
    hint: "each sample is a dart at a square; it scores 4 inside the quarter circle, else 0",
    formula: "4*(x[0]^2+x[1]^2<1)",
    family: "uniform",
    a: 0,
    b: 1,
    control: { of: "x[0]^2+x[1]^2", mean: 2 / 3 },
  },
  {
    id: "square",
    title: "The mean square of a normal",
    hint: "E[x²] = μ² + σ²; antithetic pairs are wasted on an even function",
    formula: "x^2",
    family: "normal",
    a: 0,
    b: 1,
  },
  {
    id: "tail",
    title: "A rare event: x > 3",
    hint: "1 sample in 741 says anything at all",
    formula: "x > 3",
    family: "normal",
    a: 0,
    b: 1,
  },
  {
    id: "exp",
    title: "A smooth rise: eˣ",
    hint: "the mean of a log-normal, √e; every trick helps",
    formula: "exp(x)",
    family: "normal",
    a: 0,
    b: 1,
    control: { of: "x", mean: 0 },
  },
  {
    id: "sixth",
    title: "A heavy tail: x⁶",
    hint: "a few large samples carry most of the sum, so early error bars are too short",
    formula: "x^6",
    family: "normal",
    a: 0,
    b: 1,
  },
  {
    id: "gradient",
    title: "A policy gradient",
    hint: "∂E[x²]/∂μ from the score, x²·(x − μ); its spread is 5.5 where its mean is 2",
    formula: "x^2*(x-1)",
    family: "normal",
    a: 1,
    b: 1,
    control: { of: "x-1", mean: 0 },
  },
  {
    id: "endless",
    title: "No variance to speak of",
    hint: "the mean exists, √2; the variance does not, and no error bar can be trusted",
    formula: "exp(x^2/4)",
    family: "normal",
    a: 0,
    b: 1,
  },
];

/** How the rungs of the variance ladder may be measured. */
export type LadderMethod = Exclude<Method, "exact"> | "control";

export interface Settings extends Question {
  readonly seed: number;
  /** Stops at 10^target samples. */
  readonly target: number;
  /** Methods compared with plain sampling. */
  readonly methods: readonly LadderMethod[];
  /** Running means as they are, or times √N, so that their spread stays. */
  readonly view: "funnel" | "magnified";
}

export const allMethods: readonly LadderMethod[] = ["antithetic", "control", "stratified", "sobol"];

const first = presets[0] as Preset;

export const defaults: Settings = {
  formula: first.formula,
  family: first.family,
  a: first.a,
  b: first.b,
  seed: 1,
  target: 9,
  methods: allMethods,
  view: "funnel",
};

/** What is drawn before the reader asks for anything. */
export const initialSamples = 2 ** 14;

/** Independent runs beside the reader's own. */
export const replicates = 64;

/** How far the replicates are followed sample by sample. */
export const fanSamples = { initial: 2 ** 12, full: 2 ** 14 } as const;

export function sameQuestion(a: Question, b: Question): boolean {
  return a.formula === b.formula && a.family === b.family && a.a === b.a && a.b === b.b;
}

/** The preset that asks exactly this, if there is one. */
export function presetOf(question: Question): Preset | undefined {
  return presets.find((preset) => sameQuestion(preset, question));
}

/** Coordinates of x that a formula names: `x` alone is a scalar, `x[1]` needs two. */
export function dimensionOf(formula: string): number {
  const indices = [...formula.matchAll(/x\s*\[\s*(\d{1,3})\s*\]/g)].map((match) => Number(match[1]));
  return indices.length === 0 ? 0 : Math.max(...indices) + 1;
}

/** 1, 2, 4 … and at last the target itself. */
export function rungs(most: number): readonly number[] {
  const sizes: number[] = [];
  for (let n = 1; n < most; n *= 2) sizes.push(n);
  return [...sizes, most];
}
