import { double } from "../../arithmetic/double.ts";
import { call, type Expr, number, parameter } from "../../expression/expr.ts";
import { add, div, mul, neg, select, sub } from "../../expression/simplify.ts";
import { bothTails, log, log1p, square, X } from "../formulas.ts";
import type { Formulas } from "../make.ts";
import { isCoarse, locationNamed, type Shifted } from "../refined.ts";
import { polynomial } from "../saddle-point.ts";
import type { CutNormal } from "../special/cut-normal.ts";
import { fallingMass, mills } from "../special/mills.ts";

// The inverse of the distribution function as a formula of one variate, in three forms, of which each keeps f32's digits where it is used.

/** The normal distribution that is cut, and where. */
export interface TruncationPlace {
  /** Where distances t are 0. */
  readonly base: number;
  readonly std: number;
  readonly low: number;
  readonly high: number;
}

type Event = Pick<Formulas, "variates" | "parameters"> & {
  readonly event: Expr;
  /** The same apart from its location. */
  readonly shifted: Shifted;
};

const BASE = parameter("base");
/** Negative where distances are counted downwards. */
const STEP = parameter("step");

const DISTANCE = div(locationNamed("base").distance(X), STEP);
const FROM = parameter("from");
// -t (from + t / 2) keeps its digits where from is large.
const LOG_DENSITY = sub(parameter("logPeak"), mul(DISTANCE, add(FROM, mul(number(0.5), DISTANCE))));

/** How far out, in standard deviations, a tail is one of its own. */
const FAR = 4;

export function modelOfCut(cut: CutNormal, place: TruncationPlace): Formulas {
  const { base, std, low, high } = place;
  const { variates, event, shifted, parameters } = eventOf(cut, place);
  const coarse = isCoarse(shifted.origin, std * Math.sqrt(cut.variance));
  const above = Number.isFinite(low) ? call("max", event, parameter("low")) : event;
  const within = Number.isFinite(high) ? call("min", above, parameter("high")) : above;
  return {
    variates,
    event: [within],
    ...(coarse ? { refined: [{ shifted: { ...shifted, spread: std * Math.sqrt(cut.variance) } }] } : {}),
    logDensity: LOG_DENSITY,
    parameters: {
      ...parameters,
      base,
      ...locationNamed("base").parameters(base),
      step: cut.mirrored ? -std : std,
      from: cut.from,
      logPeak: -cut.logMass - Math.log(std),
      ...(Number.isFinite(low) ? { low } : {}),
      ...(Number.isFinite(high) ? { high } : {}),
    },
  };
}

function eventOf(cut: CutNormal, place: TruncationPlace): Event {
  const { from, first, last } = cut;
  const steepest = Math.max(from + last, -first);
  if ((last - first) * steepest <= 1) return narrow(cut, place);
  return from < FAR ? central(cut, place) : tail(cut, place);
}

/** Two normal quantiles, of which the one of the nearer tail is taken. */
function central({ from, first, last, mirrored }: CutNormal, { base, std }: TruncationPlace): Event {
  const before = double.erfc(-(from + first) * Math.SQRT1_2) / 2;
  const beyond = double.erfc((from + last) * Math.SQRT1_2) / 2;
  const inside = from + first > 0 ? tailOf(from + first) - beyond : 1 - before - beyond;
  // Of a normal variate the tail that it is in keeps its digits.
  const outer = mul(number(0.5), bothTails(X));
  const inner = sub(number(1), outer);
  const lower = call("lt", X, number(0));
  const share = (part: Expr, cut: string) => add(parameter(cut), mul(parameter("inside"), part));
  const p = share(select(lower, outer, inner), "before");
  const q = share(select(lower, inner, outer), "beyond");
  const z = select(call("lt", p, q), call("normalQuantile", p), neg(call("normalQuantile", q)));
  return {
    variates: ["normal"],
    event: add(BASE, mul(STEP, sub(z, FROM))),
    shifted: { origin: base, scale: mirrored ? -std : std, unit: sub(z, FROM) },
    parameters: { before, beyond, inside },
  };
}

function tailOf(z: number): number {
  return double.erfc(z * Math.SQRT1_2) / 2;
}

const TAIL_TERMS = 8;

/**
 * Far out, in s = from t and e = 1 / from²: log(P(Z > from + t) / P(Z > from)) is -(s + e s²/2 + log(1 + e s)) and the logarithm of a ratio
 * of continued fractions, which is solved by Newton's method. Nothing of it underflows, however far out.
 */
function tail({ from, last, mirrored }: CutNormal, { base, std }: TruncationPlace): Event {
  const e = parameter("curvature");
  // A small variate is far out, where variates are fine enough.
  const beyond = add(parameter("beyond"), mul(parameter("inside"), X));
  const before = mul(parameter("inside"), sub(number(1), X));
  const y = select(call("lt", X, number(0.5)), neg(log(beyond)), neg(log1p(neg(before))));
  const parabola = (height: Expr) =>
    div(mul(number(2), height), add(number(1), call("sqrt", add(number(1), mul(mul(number(2), e), height)))));
  let s = parabola(y);
  for (let step = 0; step < 2; step++) {
    const growth = mul(e, s);
    const z = add(number(1), growth);
    const fraction = millsFraction(div(e, square(z)));
    const height = add(
      add(s, mul(number(0.5), mul(growth, s))),
      sub(log1p(growth), log(div(fraction, parameter("fraction")))),
    );
    s = sub(s, mul(sub(height, y), div(fraction, z)));
  }
  const whole = mills(from);
  const inside = fallingMass(from, last) / whole;
  const distance = call("max", s, number(0));
  const step = (mirrored ? -std : std) / from;
  return {
    variates: ["uniform"],
    event: add(BASE, mul(parameter("tailStep"), distance)),
    shifted: { origin: base, scale: step, unit: distance },
    parameters: {
      curvature: 1 / from / from,
      fraction: from * whole,
      inside,
      beyond: Number.isFinite(last) ? (Math.exp(-last * (from + last / 2)) * mills(from + last)) / whole : 0,
      tailStep: step,
    },
  };
}

// z times Mills' ratio at z, of w = 1 / z²: 1 / (1 + w / (1 + 2 w / (1 + 3 w / …)))
function millsFraction(w: Expr): Expr {
  const terms = Array.from({ length: TAIL_TERMS }, (_, k) => k + 1);
  const rest = terms.reduceRight<Expr>((below, k) => add(number(1), div(mul(number(k), w), below)), number(1));
  return div(number(1), rest);
}

const DEGREE = 12;

/**
 * Where the density changes by less than a factor of e, a polynomial of a uniform variate u: (quantile - end) / (width u) is smooth. It counts
 * from the end that is nearer to 0, so that samples near that keep their digits.
 */
function narrow(cut: CutNormal, { low, high, std }: TruncationPlace): Event {
  const upwards = Math.abs(low) <= Math.abs(high);
  const width = cut.last - cut.first;
  const fromEnd = (u: number) => {
    const t = cut.quantile(upwards ? u : 1 - u);
    return (upwards === cut.mirrored ? cut.last - t : t - cut.first) / (width * u);
  };
  const coefficients = fitted((c) => fromEnd((1 + c) / 2), DEGREE);
  const names = coefficients.map((_, k) => `quantile_${k}`);
  const centred = sub(mul(number(2), X), number(1));
  const share = mul(X, polynomial(centred, names.map(parameter)));
  const end = upwards ? low : high;
  const span = (upwards ? 1 : -1) * width * std;
  return {
    variates: ["uniform"],
    event: add(parameter("end"), mul(parameter("span"), share)),
    shifted: { origin: end, scale: span, unit: share },
    parameters: {
      end,
      span,
      ...Object.fromEntries(names.map((name, k) => [name, coefficients[k] ?? 0])),
    },
  };
}

/** Coefficients of the polynomial that has f's values at Chebyshev's points of [-1, 1]. */
function fitted(f: (x: number) => number, degree: number): readonly number[] {
  const count = degree + 1;
  const angles = Array.from({ length: count }, (_, k) => (Math.PI * (k + 0.5)) / count);
  const values = angles.map((angle) => f(Math.cos(angle)));
  const series = angles.map((_, j) => {
    const sum = values.reduce((total, value, k) => total + value * Math.cos(j * (angles[k] ?? 0)), 0);
    return ((j === 0 ? 1 : 2) * sum) / count;
  });
  // From Chebyshev's polynomials to powers, by their recurrence.
  const powers = new Array<number>(count).fill(0);
  let [before, now] = [new Array<number>(count).fill(0), new Array<number>(count).fill(0)];
  now[0] = 1;
  series.forEach((factor, j) => {
    now.forEach((value, k) => {
      powers[k] = (powers[k] ?? 0) + factor * value;
    });
    const next = now.map((_, k) => (j === 0 ? 1 : 2) * (k > 0 ? (now[k - 1] ?? 0) : 0) - (before[k] ?? 0));
    [before, now] = [now, j === 0 ? next.map((_, k) => (k === 1 ? 1 : 0)) : next];
  });
  return powers;
}
