import { InputError, UnsupportedError } from "../../core/errors.ts";
import { call, type Expr, number, parameter, variable } from "../../expression/expr.ts";
import { lowerUnchecked, signature } from "../../expression/program.ts";
import { add, select, sub } from "../../expression/simplify.ts";
import { substitute } from "../../expression/substitute.ts";
import type { Variate } from "../../sampling/integrand.ts";
import { listOf, probabilitiesOf } from "../checks.ts";
import { picked, placeOf, thresholdsOf } from "../choose.ts";
import type {
  Atom,
  Distribution,
  FixedSum,
  Point,
  ScalarDistribution,
  Support,
  VectorDistribution,
} from "../distribution.ts";
import { exp, LOWEST, log1p } from "../formulas.ts";
import { allOf, type Bounded, isSameSum, sumFrom, withinBounds } from "../inside.ts";
import { type Formulas, scalar, vector } from "../make.ts";
import {
  checkDistribution,
  coordinatesOfPoint,
  prefixedFormula,
  prefixedParameters,
  prefixedRejections,
} from "../parts.ts";
import { atLeast } from "../saddle-point.ts";
import { logSumExp, ofLower, ofUpper, type Tails } from "../special/tails.ts";
import { modeOfAtoms, modeOfMixture } from "./mixture-mode.ts";
import { refinedOfChoice } from "./mixture-refined.ts";
import { rejectionsOfChoice } from "./mixture-rejections.ts";

interface MixtureOf {
  readonly name: "mixture";
  readonly weights: readonly number[];
  readonly components: readonly Distribution[];
}

export interface ScalarMixture extends ScalarDistribution, MixtureOf {
  readonly name: "mixture";
}

export interface VectorMixture extends VectorDistribution, MixtureOf {
  readonly name: "mixture";
}

/** A component that has a chance, and what its parameters' names start with. */
interface WeightedComponent {
  readonly weight: number;
  readonly component: Distribution;
  readonly prefix: string;
}

interface ScalarPart extends WeightedComponent {
  readonly component: ScalarDistribution;
}

/**
 * The distribution that is each of the components with the probability that is its weight.
 *
 * It has no closed entropy. A component of weight 0 is never drawn.
 *
 * @param weights - of the components; they add up to 1 within 1e-6
 * @param components - of one shape, and either all with densities or all of whole numbers
 * @throws InputError for others
 */
export function mixture(weights: ArrayLike<number>, components: readonly ScalarDistribution[]): ScalarMixture;
export function mixture(weights: ArrayLike<number>, components: readonly VectorDistribution[]): VectorMixture;
export function mixture(weights: ArrayLike<number>, components: readonly Distribution[]): ScalarMixture | VectorMixture;
export function mixture(
  weights: ArrayLike<number>,
  components: readonly Distribution[],
): ScalarMixture | VectorMixture {
  const parts = readParts(weights, components);
  const moments = coordinatesOfPoint(components[0]?.mean ?? 0).map((_, i) => momentsOf(parts, i));
  const own = {
    name: "mixture" as const,
    weights: Object.freeze(components.map((_, k) => parts.find((part) => part.prefix === prefixOf(k))?.weight ?? 0)),
    components: Object.freeze([...components]),
    parts: Object.freeze(parts.map((part) => part.component)),
    mean: moments.map(({ mean }) => mean),
    variance: moments.map(({ variance }) => variance),
    standardDeviation: () => moments.map(({ standardDeviation }) => standardDeviation),
    logProb: (x: number | readonly number[]) =>
      logSumExp(parts.map(({ weight, component }) => Math.log(weight) + component.logProb(x))),
    entropy(): never {
      throw new UnsupportedError(
        "limits",
        "mixture.entropy: the entropy of a mixture has no closed form; estimate it as the mean of -logProb",
      );
    },
  };
  const support = hullOf(parts);
  const model = () => modelOf(parts, support);
  const atoms = () => atomsOf(parts);
  const [line = support[0], ...others] = support;
  if (others.length > 0 || components[0]?.shape.length !== 0 || !line) {
    return vector<VectorMixture>({ own, support, model, atoms });
  }
  const scalars = parts as readonly ScalarPart[];
  const [mean = Number.NaN] = own.mean;
  const [variance = Number.NaN] = own.variance;
  const [standardDeviation = Number.NaN] = own.standardDeviation();
  return scalar<ScalarMixture>({
    own: {
      ...own,
      mean,
      variance,
      standardDeviation: () => standardDeviation,
      mode: () => modeOf(scalars, own.logProb, line, atoms()),
      tails: (x) => tailsOf(scalars, x),
      icdf: (p) => leastWith(scalars, p, line),
    },
    support: line,
    model,
    atoms,
  });
}

function prefixOf(k: number): string {
  return `c${k}_`;
}

// Rarer components come first, where uniform variates are fine enough for any weight.
function readParts(weights: ArrayLike<number>, components: readonly Distribution[]): readonly WeightedComponent[] {
  const list = listOf(components, "components", "mixture");
  const shares = probabilitiesOf(weights, "weights", "mixture");
  if (shares.length !== list.length) {
    throw new InputError(`mixture: weights must be as many as components, ${list.length}, got ${shares.length}`);
  }
  const kindOf = ({ shape, support }: Distribution) => {
    const kinds = support.map((own) => (own.kind === "shares" ? `${KINDS.shares} of ${own.count}` : KINDS[own.kind]));
    const text = new Set(kinds).size === 1 ? kinds[0] : kinds.join(", ");
    return `[${shape.join(", ")}] of ${text}`;
  };
  list.forEach((component, k) => {
    checkDistribution(component, `components[${k}]`, "mixture");
    const [want, got] = [kindOf(list[0] ?? component), kindOf(component)];
    if (want !== got) {
      throw new InputError(`mixture: components must all be ${want} as the first is, got ${got} at ${k}`);
    }
  });
  const parts = list.map(
    (component, k): WeightedComponent => ({ component, prefix: prefixOf(k), weight: shares[k] ?? 0 }),
  );
  return parts.filter((part) => part.weight > 0).sort((a, b) => a.weight - b.weight);
}

const KINDS = { interval: "numbers", integers: "whole numbers", shares: "shares" } as const;

interface Moments {
  readonly mean: number;
  readonly variance: number;
  readonly standardDeviation: number;
}

function momentsOf(parts: readonly WeightedComponent[], coordinate: number): Moments {
  const sum = (of: (part: Distribution) => number) =>
    parts.reduce((total, { weight, component }) => total + weight * of(component), 0);
  const at = (point: Point) => coordinatesOfPoint(point)[coordinate] ?? Number.NaN;
  const mean = sum((part) => at(part.mean));
  const infinite = Number.POSITIVE_INFINITY;
  if (Math.abs(mean) === infinite) return { mean, variance: infinite, standardDeviation: infinite };
  const variance = sum((part) => at(part.variance) + (at(part.mean) - mean) ** 2);
  // Whose squares may be beyond f64.
  const standardDeviation = Number.isFinite(variance)
    ? Math.sqrt(variance)
    : parts.reduce((total, { weight, component }) => {
        const root = Math.sqrt(weight);
        return Math.hypot(total, root * at(component.standardDeviation), root * (at(component.mean) - mean));
      }, 0);
  return { mean, variance, standardDeviation: Number.isNaN(variance) ? variance : standardDeviation };
}

function tailsOf(parts: readonly ScalarPart[], x: number): Tails {
  const sum = (of: "cdf" | "survival") =>
    parts.reduce((total, { weight, component }) => total + weight * component[of](x), 0);
  const logSum = (of: "logCdf" | "logSurvival") =>
    logSumExp(parts.map(({ weight, component }) => Math.log(weight) + component[of](x)));
  const [lower, upper] = [sum("cdf"), sum("survival")];
  return lower < upper
    ? { ...ofLower(Math.log(lower)), lower, logLower: logSum("logCdf") }
    : { ...ofUpper(Math.log(upper)), upper, logUpper: logSum("logSurvival") };
}

function modeOf(
  parts: readonly ScalarPart[],
  logProb: (x: number) => number,
  { kind }: Support,
  atoms: readonly Atom[] | undefined,
): number {
  if (atoms) return modeOfAtoms(atoms);
  return modeOfMixture(
    parts.map(({ component }) => component),
    logProb,
    kind,
  );
}

function hullOf(parts: readonly WeightedComponent[]): readonly Support[] {
  const supports = parts.map(({ component }) => component.support);
  return (supports[0] ?? []).map((own, i) => {
    if (own.kind === "shares") return { ...own, atZero: atZeroOf(supports.map((each) => each[i])) };
    const low = Math.min(...supports.map((each) => each[i]?.low ?? 0));
    const high = Math.max(...supports.map((each) => each[i]?.high ?? 0));
    const sum = sumOf(supports.map((each) => each[i]));
    return sum ? { kind: "integers", low, high, sum } : { kind: own.kind, low, high };
  });
}

/** What whole numbers of all components add up to, where that is one total. */
function sumOf(supports: readonly (Support | undefined)[]): FixedSum | undefined {
  const sums = supports.map((own) => (own?.kind === "integers" ? own.sum : undefined));
  return sums.every((sum) => isSameSum(sum, sums[0])) ? sums[0] : undefined;
}

/** What a share's density is at 0 where one component's is infinite, or all have none. */
function atZeroOf(supports: readonly (Support | undefined)[]): "none" | "finite" | "infinite" {
  const found = supports.map((own) => (own?.kind === "shares" ? own.atZero : "none"));
  return (["infinite", "finite"] as const).find((one) => found.includes(one)) ?? "none";
}

/** The least x with P(X <= x) >= p, between the components' own. */
function leastWith(parts: readonly ScalarPart[], p: number, support: Support): number {
  const own = parts.map(({ component }) => component.icdf(p));
  // Infinite ones have no middle.
  let [low, high] = [Math.max(Math.min(...own), -Number.MAX_VALUE), Math.min(Math.max(...own), Number.MAX_VALUE)];
  const reaches = (x: number) => {
    const { lower, upper } = tailsOf(parts, x);
    return p <= 0.5 ? lower >= p : upper <= 1 - p;
  };
  if (reaches(low)) return low;
  const whole = support.kind === "integers";
  while (true) {
    const middle = whole ? Math.floor(low / 2 + high / 2) : low / 2 + high / 2;
    if (!(middle > low && middle < high)) return high;
    if (reaches(middle)) high = middle;
    else low = middle;
  }
}

function atomsOf(parts: readonly WeightedComponent[]): readonly Atom[] | undefined {
  const found = new Map<string, Atom>();
  for (const { weight, component } of parts) {
    if (!component.atoms) return undefined;
    for (const { value, probability } of component.atoms) {
      const key = coordinatesOfPoint(value).join();
      const before = found.get(key)?.probability ?? 0;
      found.set(key, { value, probability: before + weight * probability });
    }
  }
  return [...found.values()];
}

/** Where in the whole's variates each of a component's stands: components are never drawn together, so they share them. */
function sharedVariates(parts: readonly WeightedComponent[]): {
  variates: readonly Variate[];
  places: readonly (readonly number[])[];
} {
  const variates: Variate[] = ["uniform"];
  const places = parts.map(({ component }) => {
    const taken = new Set([0]);
    return component.model.variates.map((kind) => {
      const free = variates.findIndex((other, place) => other === kind && !taken.has(place));
      const place = free >= 0 ? free : variates.push(kind) - 1;
      taken.add(place);
      return place;
    });
  });
  return { variates, places };
}

function modelOf(parts: readonly WeightedComponent[], hull: readonly Support[]): Formulas {
  const { variates, places } = sharedVariates(parts);
  const thresholds = thresholdsOf(parts.map((part) => part.weight));
  const bits = placeOf(
    variable(0),
    thresholds.map((_, k) => parameter(`below_${k + 1}`)),
  );
  const refined = hull.map((_, i) => refinedOfChoice(parts, places, bits, i));
  const masks = parts.map((part) => maskOf(part, hull));
  const terms = parts.map(({ component, prefix }, k) => {
    const own = prefixedFormula(component.model.logDensity, prefix, variable);
    const term = add(parameter(`${prefix}logWeight`), own);
    const inside = masks[k]?.inside;
    return inside ? select(inside, term, number(LOWEST)) : term;
  });
  return {
    variates,
    rejections: rejectionsOfChoice(
      parts.map(({ component, prefix }, k) =>
        prefixedRejections(component.model, prefix, (index) => places[k]?.[index] ?? 0),
      ),
      bits,
    ),
    event: hull.map((_, i) => coordinateOf(parts, places, bits, i)),
    ...(refined.some((one) => one) ? { refined: refined.map((one) => one?.refined) } : {}),
    logDensity: logSumExpOf(terms),
    parameters: Object.assign(
      Object.fromEntries(thresholds.map((sum, k) => [`below_${k + 1}`, sum])),
      ...parts.map(({ component, prefix, weight }, k) => ({
        ...prefixedParameters(component.model, prefix),
        ...masks[k]?.parameters,
        [`${prefix}logWeight`]: Math.log(weight),
      })),
      ...refined.map((one) => one?.parameters),
    ),
    jumps: true,
  };
}

// Where the components have one formula, the choice is among their parameters, and the formula is evaluated once.
function coordinateOf(
  parts: readonly WeightedComponent[],
  places: readonly (readonly number[])[],
  bits: readonly Expr[],
  i: number,
): Expr {
  const events = parts.map(({ component }) => component.model.event[i] ?? number(0));
  const at = (k: number) => (index: number) => variable(places[k]?.[index] ?? 0);
  const [first] = events;
  const formulas = new Set(events.map((event, k) => `${places[k]} ${signature(lowerUnchecked([event], "mixture"))}`));
  if (first && formulas.size === 1) {
    return substitute(first, (leaf) =>
      leaf.kind === "variable"
        ? at(0)(leaf.index)
        : picked(
            bits,
            parts.map(({ prefix }) => parameter(prefix + leaf.name)),
          ),
    );
  }
  return picked(
    bits,
    events.map((event, k) => prefixedFormula(event, parts[k]?.prefix ?? "", at(k))),
  );
}

/** The condition that x is in a component's support, where that is less than the whole's, and what it is compared with. */
function maskOf(
  { component, prefix }: WeightedComponent,
  hull: readonly Support[],
): { inside: Expr | undefined; parameters: Record<string, number> } {
  const parameters: Record<string, number> = {};
  const conditions = withinBounds(component.support, (what, bound, i) => {
    if (isOfAll(what, bound, hull[i])) return undefined;
    const name = `${prefix}${BOUNDS[what]}_${i}`;
    parameters[name] = bound;
    return parameter(name);
  });
  return { inside: allOf(conditions), parameters };
}

const BOUNDS = { low: "from", high: "to", sum: "sum" } as const;

/** Whether what bounds a component's coordinate bounds the whole's as well. */
function isOfAll(what: Bounded, bound: number, whole: Support | undefined): boolean {
  if (what === "sum") return sumFrom(whole) !== undefined;
  const end = whole?.[what] ?? 0;
  return what === "low" ? bound <= end : bound >= end;
}

function logSumExpOf(terms: readonly Expr[]): Expr {
  const [first = number(LOWEST), ...others] = terms;
  if (others.length === 0) return first;
  // The largest term, and all the others: 1 and the rest stay apart, so that log(1 + rest) keeps its digits.
  let peak = first;
  const rest: Expr[] = [];
  for (const term of others) {
    const above = call("gt", term, peak);
    rest.push(select(above, peak, term));
    peak = select(above, term, peak);
  }
  // Where all terms underflow there is no difference to be taken.
  const base = atLeast(peak, LOWEST);
  const sum = rest.map((term) => exp(sub(term, base))).reduce(add);
  return select(call("ge", peak, number(LOWEST)), add(base, log1p(sum)), peak);
}
