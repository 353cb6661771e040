import type { Arithmetic } from "../../../src/arithmetic/arithmetic.ts";
import { evaluator, type FloatArray } from "../../../src/expression/evaluate.ts";
import { call, type Expr, number, type Operation, parameter, variable } from "../../../src/expression/expr.ts";
import { isBool, type Program } from "../../../src/expression/program.ts";

export interface ExpressionKind {
  readonly operations: readonly (readonly [operation: Operation, args: number])[];
  readonly numbers: readonly number[];
  readonly variables: number;
  readonly parameters: readonly string[];
}

export const BASIC_OPERATIONS: ExpressionKind["operations"] = [
  ["add", 2],
  ["add", 2],
  ["sub", 2],
  ["sub", 2],
  ["mul", 2],
  ["mul", 2],
  ["div", 2],
  ["neg", 1],
  ["abs", 1],
  ["min", 2],
  ["max", 2],
  ["floor", 1],
  ["ceil", 1],
  ["sign", 1],
  ["lt", 2],
  ["le", 2],
  ["gt", 2],
  ["ge", 2],
  ["eq", 2],
  ["ne", 2],
  ["and", 2],
  ["or", 2],
  ["not", 1],
  ["select", 3],
  ["sqrt", 1],
];

export const ELEMENTARY_OPERATIONS: ExpressionKind["operations"] = [
  ["exp", 1],
  ["expm1", 1],
  ["log", 1],
  ["log1p", 1],
  ["sin", 1],
  ["cos", 1],
  ["sinTurns", 1],
  ["cosTurns", 1],
  ["tanh", 1],
  ["pow", 2],
  ["erf", 1],
  ["erfc", 1],
  ["normalQuantile", 1],
  ["atan", 1],
  ["lgamma", 1],
  ["digamma", 1],
  ["trigamma", 1],
];

export const NUMBERS = [0, -0, 1, -1, 2, 0.5, 3, -3, 0.1, 7, 1e10, 1e-10, Math.PI, 1.5, 16777216, -0.3333333333333333];

/** A random tree of at most `size` calls; values that occurred are used again now and then, as the same object. */
export function randomExpression(random: () => number, size: number, kind: ExpressionKind): Expr {
  const made: Expr[] = [];
  const pick = <T>(list: readonly T[]): T => {
    const item = list[Math.floor(random() * list.length)];
    if (item === undefined) throw new RangeError("nothing to pick from");
    return item;
  };
  const leaf = (): Expr => {
    const chance = random();
    if (chance < 0.55) return variable(Math.floor(random() * kind.variables));
    if (chance < 0.7 && kind.parameters.length > 0) return parameter(pick(kind.parameters));
    return number(random() < 0.7 ? pick(kind.numbers) : Number((20 * random() - 10).toFixed(3)));
  };
  const node = (left: number): Expr => {
    if (made.length > 0 && random() < 0.1) return pick(made);
    if (left <= 0) return leaf();
    const [operation, count] = pick(kind.operations);
    const rest = left - 1;
    const shares = Array.from({ length: count }, () => Math.floor((rest * (0.5 + random())) / count));
    const expr = call(operation, ...shares.map(node));
    made.push(expr);
    return expr;
  };
  return node(size);
}

/** At which of `count` points some number on the way to the outputs is subnormal: there machines may differ. */
export function subnormalPoints(
  program: Program,
  arithmetic: Arithmetic,
  variables: readonly FloatArray[],
  parameters: readonly number[],
  count: number,
): readonly boolean[] {
  const places = program.instructions.flatMap((made, place) => (isBool(made) ? [] : [place]));
  const values = evaluator({ ...program, outputs: places }, arithmetic)(variables, parameters, count);
  return Array.from({ length: count }, (_, i) =>
    values.some((value) => {
      const size = Math.abs(value[i] ?? 0);
      return size > 0 && size < 2 ** -126;
    }),
  );
}
