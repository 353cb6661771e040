import { expect, it } from "vitest";
import { double } from "../../../src/arithmetic/double.ts";
import { Rewriter } from "../../../src/distributions/rewriting/rewriter.ts";
import { evaluator } from "../../../src/expression/evaluate.ts";
import { call, type Expr, variable } from "../../../src/expression/expr.ts";
import { GUARD_0 } from "../../../src/expression/guards.ts";
import { lowerUnchecked } from "../../../src/expression/program.ts";
import { div, sub } from "../../../src/expression/simplify.ts";

// (a - b) / b of coordinates is a / b less 1, so that log1p of it is a difference of logarithms where these are known.

const [A, B] = [variable(0), variable(1)];
const logs = [0, 1].map((k) => ({ origin: Math.log(0.5), scale: 1e-9, unit: variable(2 + k) }));

/** At coordinates that f32 cannot tell apart, and logarithms that are 1e-9 and 4e-9 above those of one half. */
function valueAt(formula: Expr, known: boolean): number {
  const rewriter = new Rewriter(
    [A, B].map((value, k) => ({ value, ...(known ? { log: logs[k] as (typeof logs)[0] } : {}) })),
    {},
  );
  const program = lowerUnchecked([rewriter.rewrite(formula)], "test");
  const parameters = program.parameters.map((name) => rewriter.parameters[name] ?? Number.NaN);
  const point = [0.5, 0.5, 1, 4].map((x) => Float64Array.of(x));
  return evaluator(program, double)(point, parameters, 1)[0]?.[0] ?? Number.NaN;
}

it.each([
  ["as it is", div(sub(A, B), B)],
  ["kept from 0", div(sub(A, B), call("max", B, GUARD_0))],
])("log1p of the distance of two shares, %s, is the difference of their logarithms", (_, distance) => {
  const formula = call("log1p", distance);
  expect(valueAt(formula, true)).toBeCloseTo(-3e-9, 20);
  expect(valueAt(formula, false)).toBe(0);
});

it.each([
  ["of another divisor", div(sub(A, B), A), Math.log1p(0)],
  ["of a sum", div(call("add", A, B), B), Math.log1p(2)],
])("log1p of a quotient %s is taken as it is", (_, quotient, want) => {
  expect(valueAt(call("log1p", quotient), true)).toBe(want);
});
