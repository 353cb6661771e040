import { call, type Expr, number, parameter, variable } from "../expression/expr.ts";
import { add, div, mul, select, sub } from "../expression/simplify.ts";
import type { Rejection } from "./distribution.ts";
import { atLeast, happensWith } from "./saddle-point.ts";

/** What W. Hörmann's tables give for a distribution. */
export interface Hat {
  /** a and b of the hat's inverse, (2 a / (1/2 - |u|) + b) u + centre. */
  readonly steepness: number;
  readonly width: number;
  readonly centre: number;
  /** Logarithm of what divides the acceptance's probability. */
  readonly logHeight: number;
}

/** Whole numbers by transformed rejection, as a formula of two uniform variates, and their parameters. */
export interface TransformedRejection {
  readonly event: Expr;
  readonly rejection: Rejection;
  readonly parameters: Readonly<Record<string, number>>;
}

/**
 * Transformed rejection (W. Hörmann, 1993): k = floor of a hat's inverse at one variate, accepted where the other, times the hat's slope,
 * is below k's probability. `logMass` is the logarithm of that, and is asked only for k from `low` to `high`.
 */
export function transformedRejection(
  hat: Hat,
  logMass: (k: Expr) => Expr,
  low: Expr,
  high: Expr,
): TransformedRejection {
  const whole = Math.floor(hat.centre);
  const u = variable(0);
  const upper = call("ge", u, number(0.5));
  // 1/2 - |u - 1/2|, which a small u would lose, and which is the other side's 1 - u, exactly
  const edge = atLeast(select(upper, sub(number(1), u), u), 2 ** -40);
  const slope = div(parameter("hatSteepness"), edge);
  const place = mul(add(mul(number(2), slope), parameter("hatWidth")), sub(u, number(0.5)));
  // The whole part of the centre is added last, so that the rest keeps its digits.
  const k = add(call("floor", add(place, parameter("hatRest"))), parameter("hatWhole"));
  const inside = call("and", call("ge", k, low), call("le", k, high));
  const clamped = call("min", call("max", k, low), high);
  const stretch = call("log", add(div(slope, edge), parameter("hatWidth")));
  const probable = happensWith(variable(1), sub(add(logMass(clamped), stretch), parameter("hatHeight")));
  return {
    event: k,
    rejection: { variates: [0, 1], accept: call("and", inside, probable) },
    parameters: {
      hatSteepness: hat.steepness,
      hatWidth: hat.width,
      hatWhole: whole,
      hatRest: hat.centre - whole,
      hatHeight: hat.logHeight,
    },
  };
}
