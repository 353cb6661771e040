import { isElementary } from "../arithmetic/elementary.ts";
import { LARGEST, LEAST_NORMAL } from "../arithmetic/range.ts";
import { InputError } from "../core/errors.ts";
import type { Expr } from "./expr.ts";
import { isPlainPower } from "./powers.ts";

/** Longest formula, in characters. */
export const MAX_LENGTH = 2048;
/** Most parentheses, calls, signs and exponents around one another, as written. */
export const MAX_DEPTH = 32;
/** Most nodes of an expression; the parts of a traced function, or of one rewritten, that are used twice count once. */
const MAX_NODES = 512;
/** Most calls in an expression of functions that are neither exact nor a square root. */
const MAX_TRANSCENDENTAL = 64;
/** The same of a program: several expressions, or one with its derivatives. */
export const MAX_PROGRAM_TRANSCENDENTAL = 256;
/** Variables are x[0] … x[MAX_VARIABLES - 1]. */
export const MAX_VARIABLES = 16;
/** Most instructions of a program, after equal ones are joined: a formula with its derivatives. */
export const MAX_INSTRUCTIONS = 2048;
/** The same of a distribution's own formulas, such as the 4,096 products and sums of a normal vector in 64 dimensions. */
export const MAX_OWN_INSTRUCTIONS = 8192;

/** Whether a number is 0, or an f32 that is neither infinite nor subnormal after rounding. */
export function fitsF32(value: number): boolean {
  const size = Math.abs(Math.fround(value));
  return value === 0 || (size >= LEAST_NORMAL && size <= LARGEST);
}

function isTranscendental(expr: Expr): boolean {
  if (expr.kind !== "call" || !isElementary(expr.operation) || expr.operation === "sqrt") return false;
  return !isPlainPower(expr);
}

/** Refuses an expression that is too large to become a shader; shared parts count once. */
export function checkExpression(expr: Expr, where: string): void {
  const seen = new Set<Expr>();
  let transcendental = 0;
  const visit = (node: Expr): void => {
    if (seen.has(node)) return;
    seen.add(node);
    // Also what keeps this recursion, and every later one, shallow.
    if (seen.size > MAX_NODES)
      throw new InputError(`${where}: needed at most ${MAX_NODES} operations and values, got more`);
    if (node.kind === "number" && !fitsF32(node.value)) throw new InputError(`${where}: ${numberProblem(node.value)}`);
    if (node.kind === "variable" && node.index >= MAX_VARIABLES)
      throw new InputError(`${where}: ${variableProblem(node.index)}`);
    if (isTranscendental(node)) transcendental++;
    if (node.kind === "call") node.args.forEach(visit);
  };
  visit(expr);
  if (transcendental > MAX_TRANSCENDENTAL)
    throw new InputError(`${where}: ${transcendentalProblem(transcendental, MAX_TRANSCENDENTAL)}`);
}

export function transcendentalProblem(count: number, most: number): string {
  return `needed at most ${most} calls of exp, log, sin and the like, got ${count}`;
}

export function numberProblem(value: number): string {
  return `needed a number that f32 can hold, 0 or 1.2e-38 to 3.4e38 in size, got ${value}`;
}

export function variableProblem(index: number): string {
  return `needed x[0] to x[${MAX_VARIABLES - 1}], the most variables a formula may use, got x[${index}]`;
}
