import { double } from "../arithmetic/double.ts";
import { LARGEST, LEAST_NORMAL } from "../arithmetic/range.ts";
import { evaluator } from "../expression/evaluate.ts";
import { call, type Expr, isCondition, number, type Operation, parameter } from "../expression/expr.ts";
import { guarded } from "../expression/guards.ts";
import { lowerUnchecked } from "../expression/program.ts";
import { add, isNumber, mul, neg, select, sub } from "../expression/simplify.ts";
import { FAR, type Refined, type Shifted, spacingAt, type Term } from "./refined.ts";

// A formula of an event's coordinates becomes one of what the coordinates are made of. Where a coordinate is refined, sums and
// multiples of it keep the part that is known on the host apart, in f64, so that x - 100000003 or x > 100000003 is right under a
// normal distribution of mean 10^8; and logarithms of it are those of the sample, not of the f32 number that stands for it.

/** A coordinate as formulas see it. */
export interface Coordinate extends Refined {
  readonly value: Expr;
  /** `value` is x itself, as of points in a tensor, rather than what f32 holds of a sample: `log` is then for x that are subnormal. */
  readonly faithful?: boolean;
}

/** origin + value */
export interface Placed {
  readonly origin: number;
  readonly value: Expr;
}

/** A refined part of a formula. */
interface Sum extends Shifted {
  /** Of the order of the standard deviation of scale · unit. */
  readonly spread: number;
}

/** A part of a formula: its value, or a sum where a refined coordinate is in it linearly. */
type Seen =
  | { readonly value: Expr; readonly shifted?: undefined }
  | { readonly value?: undefined; readonly shifted: Sum };

/** Quotients are taken as they are while their scale is from here to its inverse. */
const NEAR_SCALE = 2 ** -40;
const MOST = 2 ** 127;

/** Places formulas on one event; numbers that the host works out become parameters `fine.0`, `fine.1` … */
export class Placer {
  /** Values of the parameters that placing has made. */
  readonly parameters: Record<string, number> = {};
  /** The largest spacing of f32 numbers, in units of their spread, where a formula reads a sum rounded to one, and where that is. */
  coarseness = 0;
  coarseAt: number | undefined;
  readonly #coordinates: readonly Coordinate[];
  readonly #values: Readonly<Record<string, number>>;
  readonly #seen = new Map<Expr, Seen>();
  readonly #constants = new Map<Expr, boolean>();
  readonly #fine = new Map<number, Expr>();

  /** @param values - of the parameters that the formulas name */
  constructor(coordinates: readonly Coordinate[], values: Readonly<Record<string, number>>) {
    this.#coordinates = coordinates;
    this.#values = values;
  }

  /** The formula's value. */
  place(formula: Expr): Expr {
    return this.#whole(this.#visit(formula));
  }

  /** The formula's value with a number apart that the host can add to its mean. */
  placeApart(formula: Expr): Placed {
    const constant = this.#constant(formula);
    if (constant !== undefined) return { origin: constant, value: number(0) };
    const { shifted, value } = this.#visit(formula);
    return shifted ? { origin: shifted.origin, value: this.#scaled(shifted) } : { origin: 0, value };
  }

  #visit(node: Expr): Seen {
    const known = this.#seen.get(node);
    if (known) return known;
    const made = this.#look(node);
    this.#seen.set(node, made);
    return made;
  }

  #look(node: Expr): Seen {
    if (node.kind === "number" || node.kind === "parameter") return { value: node };
    if (node.kind === "variable") return this.#variable(node.index);
    const { operation, args } = node;
    const [a, b] = args;
    if (operation === "log" || operation === "log1p") {
      // Of a number near 1 f32 has few digits of the logarithm.
      const constant = this.#constant(node);
      if (constant !== undefined) return { value: this.#named(constant) };
      const log = a && this.#logarithm(operation === "log" ? a : plusOne(a));
      if (log) return log;
    }
    if ((operation === "pow" || operation === "sqrt") && a) {
      const power = this.#power(node, a, operation === "pow" ? b : HALF);
      if (power) return power;
    }
    const other = this.#other(node);
    if (other) return other;
    if (isComparison(operation) && a && b) {
      const compared = this.#nearEnd(operation, a, b);
      if (compared) return compared;
    }
    const seen = args.map((arg) => this.#visit(arg));
    if (seen.some(({ shifted }) => shifted)) {
      const linear = this.#linear(operation, args, seen);
      if (linear) return linear;
    }
    const values = seen.map((one) => this.#whole(one));
    return { value: values.every((value, k) => value === args[k]) ? node : call(operation, ...values) };
  }

  #variable(index: number): Seen {
    const { value, shifted, coarseness = 0 } = this.#coordinate(index);
    if (shifted) return this.#of(summed(shifted));
    this.#noteCoarseness(coarseness, undefined);
    return { value };
  }

  #noteCoarseness(coarseness: number, at: number | undefined): void {
    if (coarseness <= this.coarseness) return;
    [this.coarseness, this.coarseAt] = [coarseness, at];
  }

  #coordinate(index: number): Coordinate {
    const found = this.#coordinates[index];
    if (!found) throw new RangeError(`x[${index}] stands for nothing`);
    return found;
  }

  // Sums, multiples, sizes and comparisons of refined coordinates; nothing where only the whole value will do.
  #linear(operation: Operation, args: readonly Expr[], seen: readonly Seen[]): Seen | undefined {
    const [a, b] = seen;
    const [left, right] = args.map((arg) => this.#constant(arg));
    switch (operation) {
      case "add":
      case "sub":
        return a && b && this.#of(this.#sum(a, left, b, right, operation === "add" ? 1 : -1));
      case "neg":
        return a?.shifted ? this.#of(times(a.shifted, -1)) : undefined;
      case "mul":
        if (a?.shifted && right !== undefined) return this.#of(times(a.shifted, right));
        if (b?.shifted && left !== undefined) return this.#of(times(b.shifted, left));
        return this.#product(a?.shifted, b?.shifted);
      case "pow":
        return this.#wholePower(a?.shifted, right);
      case "div":
        return a?.shifted && right ? this.#of(times(a.shifted, 1 / right)) : undefined;
      case "abs": {
        const { shifted } = a ?? {};
        if (shifted?.origin !== 0) return undefined;
        const { terms: _, ...whole } = shifted;
        return this.#of({ ...whole, scale: Math.abs(shifted.scale), unit: call("abs", shifted.unit) });
      }
      case "lt":
      case "le":
      case "gt":
      case "ge":
        return a && b && { value: this.#compared(operation, this.#sum(a, left, b, right, -1)) };
      default:
        return undefined;
    }
  }

  /** (o + r) (p + s) = o p + (o s + p r + r s), where f32 is too coarse for the factors. */
  #product(a: Sum | undefined, b: Sum | undefined): Seen | undefined {
    if (!a || !b || !(isFar(a) || isFar(b))) return undefined;
    const [r, s] = [this.#scaled(a), this.#scaled(b)];
    const linear = add(mul(this.#named(a.origin), s), mul(this.#named(b.origin), r));
    const spread = Math.abs(a.origin) * b.spread + Math.abs(b.origin) * a.spread;
    return this.#of({ origin: a.origin * b.origin, scale: 1, unit: add(linear, mul(r, s)), spread });
  }

  #wholePower(base: Sum | undefined, exponent: number | undefined): Seen | undefined {
    if (!base || exponent === undefined || !Number.isInteger(exponent) || exponent < 2 || exponent > MOST_POWER)
      return undefined;
    let power: Seen | undefined = this.#of(base);
    for (let k = 1; k < exponent; k++) power = this.#product(power?.shifted, base);
    return power;
  }

  #of(shifted: Sum): Seen {
    return { shifted };
  }

  /** a ± b, at least one of which is refined. */
  #sum(a: Seen, aConstant: number | undefined, b: Seen, bConstant: number | undefined, sign: 1 | -1): Sum {
    const [left, right] = [a.shifted, b.shifted && times(b.shifted, sign)];
    if (left && right && left.unit === right.unit) {
      const scale = left.scale + right.scale;
      const spread = left.scale === 0 ? right.spread : left.spread * Math.abs(scale / left.scale);
      return { ...left, origin: left.origin + right.origin, scale, spread };
    }
    const origin = (left?.origin ?? aConstant ?? 0) + (right?.origin ?? sign * (bConstant ?? 0));
    if (left && bConstant !== undefined) return { ...left, origin };
    if (right && aConstant !== undefined) return { ...right, origin };
    if (left && right) return this.#ofTerms(origin, [...termsOf(left), ...termsOf(right)]);
    const first = a.shifted ? this.#scaled(a.shifted) : a.value;
    const second = right ? this.#scaled(right) : (b.value as Expr);
    // Where the right one is refined, its sign is in its scale already.
    const unit = right || sign === 1 ? add(first, second) : sub(first, second);
    return { origin, scale: 1, unit, spread: (left ?? right)?.spread ?? 0 };
  }

  /** origin + the sum of terms, those of one unit added up in f64. */
  #ofTerms(origin: number, terms: readonly Term[]): Sum {
    const kept = merged(terms);
    const [only] = kept;
    if (!only) return { origin, scale: 0, unit: number(0), spread: 0 };
    if (kept.length === 1) return { origin, ...only };
    const unit = kept.map((term) => this.#scaled(term)).reduce(add);
    return { origin, scale: 1, unit, terms: kept, spread: Math.hypot(...kept.map(({ spread }) => spread)) };
  }

  /** Whether origin + scale · unit compares with 0. */
  #compared(operation: Comparison, { origin, scale, unit }: Shifted): Expr {
    if (scale === 0) return number(COMPARE[operation](origin, 0) ? 1 : 0);
    const threshold = Math.min(Math.max(-origin / scale, -LARGEST), LARGEST);
    return call(scale > 0 ? operation : MIRRORED[operation], unit, this.#named(threshold));
  }

  #whole({ value, shifted }: Seen): Expr {
    if (!shifted) return value;
    if (shifted.origin !== 0) this.#noteCoarseness(spacingAt(shifted.origin) / shifted.spread, shifted.origin);
    const scaled = this.#scaled(shifted);
    const high = Math.fround(shifted.origin);
    if (!Number.isFinite(high)) return this.#named(shifted.origin);
    const low = shifted.origin - high;
    if (high === 0 && low === 0) return scaled;
    const rest = Math.abs(low) > shifted.spread * 2 ** -24 ? add(this.#named(low), scaled) : scaled;
    return add(this.#named(high), rest);
  }

  #scaled({ scale, unit }: Pick<Shifted, "scale" | "unit">): Expr {
    if (scale === 1) return unit;
    return scale === -1 ? neg(unit) : mul(this.#named(scale), unit);
  }

  /** A number of the host's as a parameter, so that other values need no new shader. */
  #named(value: number): Expr {
    const known = this.#fine.get(value);
    if (known) return known;
    const name = `fine.${this.#fine.size}`;
    this.parameters[name] = Math.min(Math.max(value, -LARGEST), LARGEST);
    const made = parameter(name);
    this.#fine.set(value, made);
    return made;
  }

  /** The value of a formula in which no coordinate is, in f64. */
  #constant(expr: Expr): number | undefined {
    if (!this.#isConstant(expr)) return undefined;
    const value = expr.kind === "number" ? expr.value : numberOf(expr, this.#values);
    return value !== undefined && Number.isFinite(value) ? value : undefined;
  }

  #isConstant(expr: Expr): boolean {
    const known = this.#constants.get(expr);
    if (known !== undefined) return known;
    const found = expr.kind === "call" ? expr.args.every((arg) => this.#isConstant(arg)) : expr.kind !== "variable";
    this.#constants.set(expr, found);
    return found;
  }

  /** log(of), where it is known in a better way than by the f32 number. */
  #logarithm(of: Expr): Seen | undefined {
    const known = this.#logOf(of);
    if (known) return this.#of(summed(known));
    if (of.kind !== "call") return undefined;
    return this.#quotient(guarded(of) ?? of);
  }

  #quotient(of: Expr): Seen | undefined {
    if (of.kind !== "call" || of.operation !== "div") return undefined;
    const [a, c] = of.args as [Expr, Expr];
    const scale = this.#constant(c);
    if (scale === undefined || !(scale > 0)) return undefined;
    const robust = this.#faithful(a);
    if (!robust && scale >= NEAR_SCALE && scale <= 1 / NEAR_SCALE) return undefined;
    // The quotient may leave f32's range where neither x nor its logarithm does.
    const quotient = this.place(of);
    const inRange = call("and", call("ge", quotient, number(LEAST_NORMAL)), call("le", quotient, number(MOST)));
    // A point that is subnormal is known by its logarithm alone.
    const inside = robust ? call("and", inRange, call("gt", this.place(a), number(LEAST_NORMAL))) : inRange;
    const apart = sub(this.#logOfPoint(a), this.#named(Math.log(scale)));
    return { value: select(inside, call("log", quotient), apart) };
  }

  #faithful(of: Expr): boolean {
    if (of.kind === "variable") return this.#coordinate(of.index).faithful === true;
    return of.kind === "call" && of.args.some((arg) => this.#faithful(arg));
  }

  /** Whether what logarithms are known of is a sample's own and positive. */
  #isPositive(of: Expr): boolean {
    if (of.kind === "call") return of.args.every((arg) => this.#isPositive(arg));
    if (of.kind !== "variable") return true;
    const { faithful, partial } = this.#coordinate(of.index);
    return !(faithful || partial);
  }

  #logOfPoint(of: Expr): Expr {
    const inner = guarded(of);
    if (inner) return this.#logOfPoint(inner);
    const log = of.kind === "variable" ? this.#coordinate(of.index).log : undefined;
    return log ? this.#whole(this.#of(summed(log))) : call("log", this.place(of));
  }

  #logOf(of: Expr): Shifted | undefined {
    if (of.kind === "variable") return this.#coordinate(of.index).log;
    if (of.kind !== "call") return undefined;
    const [a, b] = of.args as [Expr, Expr];
    switch (of.operation) {
      case "sub":
        return isNumber(a, 1) && b.kind === "variable" ? this.#coordinate(b.index).logOther : undefined;
      case "add":
        // 1 + -x
        return isNumber(a, 1) ? this.#logOf(call("sub", ONE, negative(b))) : undefined;
      case "div":
        return this.#logOfScaled(a, this.#constant(b), -1) ?? this.#logOfBoth(a, b, -1);
      case "mul":
        return (
          this.#logOfScaled(a, this.#constant(b), 1) ??
          this.#logOfScaled(b, this.#constant(a), 1) ??
          this.#logOfBoth(a, b, 1)
        );
      case "sqrt":
        return this.#logOfPower(a, 0.5);
      case "pow":
        return this.#logOfPower(a, this.#constant(b));
      case "max": {
        const inner = guarded(of);
        return inner && this.#logOf(inner);
      }
      case "abs":
        return this.#logOfSize(a);
      default:
        return undefined;
    }
  }

  #logOfScaled(of: Expr, scale: number | undefined, sign: 1 | -1): Shifted | undefined {
    if (scale === undefined || !(scale > 0) || this.#faithful(of)) return undefined;
    const log = this.#logOf(of);
    return log && { ...log, origin: log.origin + sign * Math.log(scale) };
  }

  /** log(a b), or log(a / b), of two samples, or of a number and a sample. */
  #logOfBoth(a: Expr, b: Expr, sign: 1 | -1): Shifted | undefined {
    if (!this.#isPositive(a) || !this.#isPositive(b)) return undefined;
    const other = this.#logOf(b);
    if (!other) return undefined;
    const number = this.#constant(a);
    if (number !== undefined && number > 0) {
      const log = times(summed(other), sign);
      return { ...log, origin: log.origin + Math.log(number) };
    }
    const own = this.#logOf(a);
    return own && this.#sum(this.#of(summed(own)), undefined, this.#of(summed(other)), undefined, sign);
  }

  #logOfPower(of: Expr, exponent: number | undefined): Shifted | undefined {
    if (exponent === undefined || !this.#isPositive(of)) return undefined;
    const log = this.#logOf(of);
    return log && times(summed(log), exponent);
  }

  /** log |x|, where |x| may be too large for f32: next to such x any location is nothing. */
  #logOfSize(of: Expr): Shifted | undefined {
    const { shifted } = this.#visit(of);
    if (!shifted?.logSize || shifted.scale === 0) return undefined;
    const { origin, scale, unit, logSize } = shifted;
    const near = origin === 0 ? unit : add(unit, this.#named(origin / scale));
    const far = call("gt", logSize, number(FAR));
    return { origin: Math.log(Math.abs(scale)), scale: 1, unit: select(far, logSize, call("log", call("abs", near))) };
  }

  /** of^exponent, by its logarithm where that is beyond f32's range. */
  #power(node: Expr, of: Expr, exponent: Expr | undefined): Seen | undefined {
    if (!exponent || !this.#isPositive(of)) return undefined;
    const [log, power] = [this.#logOf(of), this.#constant(exponent)];
    // Of whole powers what is beyond the range has no share in any mean.
    if (!log || power === undefined || (power > 0 && Number.isInteger(power))) return undefined;
    const isFar = call("gt", call("abs", this.#whole(this.#of(summed(log)))), number(NEAR_LOG));
    const far = call("exp", this.#whole(this.#of(times(summed(log), power))));
    const whole = this.place(of);
    const plain =
      node.kind === "call" && node.operation === "sqrt" ? call("sqrt", whole) : call("pow", whole, exponent);
    return { value: select(isFar, far, plain) };
  }

  /** 1 - x of samples that may be nearer to 1 than f32 tells apart; densities keep it from 0 where it is not known better. */
  #other(node: Expr): Seen | undefined {
    if (node.kind !== "call") return undefined;
    const [a, b] = node.args;
    const inner = guarded(node);
    if (inner) return this.#other(inner);
    if (node.operation !== "sub" || !a || !isNumber(a, 1) || b?.kind !== "variable") return undefined;
    const { value, logOther, faithful } = this.#coordinate(b.index);
    if (!logOther || faithful) return undefined;
    const log = this.#whole(this.#of(summed(logOther)));
    return { value: select(call("lt", log, number(-NEAR_LOG)), call("exp", log), call("sub", a, value)) };
  }

  /** A comparison of x with a number in logarithms, where samples leave f32's range or are nearer to 1 than it tells apart. */
  #nearEnd(operation: Comparison, a: Expr, b: Expr): Seen | undefined {
    if (b.kind === "variable") return a.kind === "variable" ? undefined : this.#nearEnd(MIRRORED[operation], b, a);
    // 1 - x against a number is x against the other one.
    const [one, other] = a.kind === "call" && a.operation === "sub" ? a.args : [];
    if (one && isNumber(one, 1) && other?.kind === "variable") {
      const bound = this.#constant(b);
      if (bound === undefined || !this.#coordinate(other.index).logOther) return undefined;
      return this.#nearEnd(MIRRORED[operation], other, number(1 - bound));
    }
    if (a.kind !== "variable") return undefined;
    const { log, logOther, faithful, partial } = this.#coordinate(a.index);
    const bound = this.#constant(b);
    if (faithful || partial || bound === undefined) return undefined;
    if (log && bound <= 0) return { value: number(COMPARE[operation](1, 0) ? 1 : 0) };
    if (logOther && bound >= 1) return { value: number(COMPARE[operation](0, 1) ? 1 : 0) };
    if (logOther && 1 - bound < NEAR_1) {
      const rest = { ...logOther, origin: logOther.origin - Math.log1p(-bound) };
      return { value: this.#compared(MIRRORED[operation], summed(rest)) };
    }
    if (log && bound > 0) {
      return { value: this.#compared(operation, summed({ ...log, origin: log.origin - Math.log(bound) })) };
    }
    return undefined;
  }
}

const ONE = number(1);
const HALF = number(0.5);
/** Logarithms up to this size are of numbers of which f32 has many digits, also as their distance from 1. */
const NEAR_LOG = 5;
const NEAR_1 = 2 ** -12;

/** Powers of sums that are multiplied out. */
const MOST_POWER = 8;
/** Origins, in units of the spread, from which on f32 loses digits of a sum that count. */
const FAR_ORIGIN = 2 ** 7;

function isFar({ origin, spread }: Sum): boolean {
  return Math.abs(origin) > FAR_ORIGIN * spread;
}

type Comparison = "lt" | "le" | "gt" | "ge";

const MIRRORED: Readonly<Record<Comparison, Comparison>> = { lt: "gt", le: "ge", gt: "lt", ge: "le" };
const COMPARE: Readonly<Record<Comparison, (a: number, b: number) => boolean>> = {
  lt: (a, b) => a < b,
  le: (a, b) => a <= b,
  gt: (a, b) => a > b,
  ge: (a, b) => a >= b,
};

function isComparison(operation: Operation): operation is Comparison {
  return isCondition(operation) && Object.hasOwn(COMPARE, operation);
}

function summed(shifted: Shifted): Sum {
  return { ...shifted, spread: shifted.spread ?? Math.abs(shifted.scale) };
}

/** The terms of scale · unit. */
function termsOf({ scale, unit, spread, terms }: Sum): readonly Term[] {
  return terms?.map((term) => scaledTerm(term, scale)) ?? [{ scale, unit, spread }];
}

function scaledTerm({ scale, unit, spread }: Term, factor: number): Term {
  return { scale: scale * factor, unit, spread: spread * Math.abs(factor) };
}

/** A share of the multiples of a unit that is left where they cancel but for the rounding of their f64. */
const CANCELLED = 2 ** -44;

/** One term a unit; nothing of those that cancel. */
function merged(terms: readonly Term[]): readonly Term[] {
  const units = new Map<Expr | number, { term: Term; largest: number }>();
  for (const term of terms) {
    const key = term.unit.kind === "variable" ? term.unit.index : term.unit;
    const known = units.get(key);
    const scale = (known?.term.scale ?? 0) + term.scale;
    const largest = Math.max(known?.largest ?? 0, Math.abs(term.scale));
    const spread = term.scale === 0 ? 0 : term.spread * Math.abs(scale / term.scale);
    units.set(key, { term: { ...term, scale, spread }, largest });
  }
  return [...units.values()].flatMap(({ term, largest }) => (Math.abs(term.scale) > CANCELLED * largest ? [term] : []));
}

function times(sum: Sum, factor: number): Sum {
  const { origin, scale, spread } = sum;
  return { ...sum, origin: origin * factor, scale: scale * factor, spread: spread * Math.abs(factor) };
}

/** 1 + x, where x is written as a negative. */
function plusOne(x: Expr): Expr {
  return call("add", ONE, x);
}

/** -x of what is written as -x; anything else stays, and then is no form that has a logarithm. */
function negative(x: Expr): Expr {
  if (x.kind !== "call") return x.kind === "variable" ? neg(x) : x;
  const [a, b] = x.args as [Expr, Expr];
  if (x.operation === "neg") return a;
  if (x.operation === "mul" && a.kind === "number" && a.value === -1) return b;
  return neg(x);
}

function numberOf(expr: Expr, values: Readonly<Record<string, number>>): number | undefined {
  const program = lowerUnchecked([expr]);
  const given = program.parameters.map((name) => (Object.hasOwn(values, name) ? values[name] : undefined));
  if (given.includes(undefined)) return undefined;
  const [output] = evaluator(program, double)([], given as number[], 1);
  return output?.[0];
}
