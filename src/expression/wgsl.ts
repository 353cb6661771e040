import { type Elementary, isElementary } from "../arithmetic/elementary.ts";
import type { Action } from "./expr.ts";
import type { Instruction, Program } from "./program.ts";

/** A WGSL function, to be put behind shaders/lib/math.wgsl and the sources of `functions`. */
export interface EmittedProgram {
  /**
   * `struct NAME_Out { y0: f32, … }`, `struct NAME_In { p0: f32, … }` and
   * `fn NAME(x0: f32, …, p: NAME_In, zero: u32) -> NAME_Out`; without parameters there is neither NAME_In nor p.
   */
  readonly code: string;
  readonly functions: ReadonlySet<Elementary>;
}

/**
 * Writes a program as a WGSL function without branches.
 *
 * Compilers may re-associate, contract and simplify as if numbers were real, so every result of arithmetic and of a function
 * passes math_opaque before anything reads it, and the literals that invite simplification (0, divisors) are opaque too. NaN is
 * found in bits, never by a comparison. Nothing of a formula's text is in the code: names are x0, p.p0, v0.
 * The parameters are one argument, as compilers refuse more than 255.
 */
export function emitProgram(program: Program, name: string): EmittedProgram {
  const { instructions, outputs } = program;
  const lines = instructions.flatMap((made, place) => {
    const value = written(program, made);
    return value === undefined ? [] : [`  let v${place} = ${value};`];
  });
  const fields = outputs.map((_, k) => `y${k}: f32`);
  const results = outputs.map((place) => operand(program, place));
  const given = program.parameters.map((_, k) => `p${k}: f32`);
  const args = Array.from({ length: program.variables }, (_, k) => `x${k}: f32`);
  if (given.length > 0) args.push(`p: ${name}_In`);
  args.push("zero: u32");
  const code = [
    `struct ${name}_Out { ${fields.join(", ")} }`,
    ...(given.length > 0 ? [`struct ${name}_In { ${given.join(", ")} }`] : []),
    "",
    `fn ${name}(${args.join(", ")}) -> ${name}_Out {`,
    ...lines,
    `  return ${name}_Out(${results.join(", ")});`,
    "}",
    "",
  ].join("\n");
  return { code, functions: program.functions };
}

// The right side of an instruction's `let`; variables and parameters have none.
function written(program: Program, made: Instruction): string | undefined {
  if (made.kind === "number") return made.value === 0 ? opaqueLiteral(made.value) : literal(made.value);
  if (made.kind !== "call") return undefined;
  const [a = "", b = "", c = ""] = made.args.map((place) => operand(program, place));
  // Compilers know that x - x is 0 and x == x, which NaN and infinity deny.
  const other = a === b && !TWICE_IS_SAFE.has(made.action) ? `math_opaque(${b}, zero)` : b;
  if (made.action === "div") return `math_opaque(${quotient(program.instructions[made.args[1] ?? 0], a, b)}, zero)`;
  if (made.action === "min" || made.action === "max") return extremum(program, made.action, made.args, a, other);
  return expression(made.action, a, other, c);
}

function expression(action: Exclude<Action, "div" | "min" | "max">, a: string, b: string, c: string): string {
  if (action === "pow") return `math_opaque(f_pow(${a}, ${b}, zero), zero)`;
  if (isElementary(action)) return `math_opaque(f_${action}(${a}, zero), zero)`;
  switch (action) {
    case "add":
      return `math_opaque(${a} + ${b}, zero)`;
    case "sub":
      return `math_opaque(${a} - ${b}, zero)`;
    case "mul":
      return `math_opaque(${a} * ${b}, zero)`;
    case "neg":
      return `math_opaque(-${a}, zero)`;
    case "abs":
      return `abs(${a})`;
    // Of a number this may be a 0 that compilers see.
    case "floor":
    case "ceil":
      return `math_opaque(${action}(${a}), zero)`;
    // With a plain 0 this becomes a built-in sign, which loses the sign of -0.
    case "sign":
      return `select(select(${a}, -1f, ${a} < ${ZERO}), 1f, ${a} > ${ZERO})`;
    case "lt":
      return `${a} < ${b}`;
    case "le":
      return `${a} <= ${b}`;
    case "gt":
      return `${a} > ${b}`;
    case "ge":
      return `${a} >= ${b}`;
    case "eq":
      return `${a} == ${b}`;
    // Browsers compile a != b to a comparison that is false for NaN, and !(a < b) to a >= b.
    case "ne":
      return denied(`${a} == ${b}`);
    case "holds":
      return denied(`${a} == ${ZERO}`);
    case "not":
      return denied(a);
    // && and || would branch.
    case "and":
      return `${a} & ${b}`;
    case "or":
      return `${a} | ${b}`;
    case "select":
      return `select(${c}, ${b}, ${a})`;
    // With a plain 0, y times this becomes select(0, y, c), which is 0 where NaN is due.
    case "indicate":
      return `select(${ZERO}, 1f, ${a})`;
  }
}

const TWICE_IS_SAFE: ReadonlySet<Action> = new Set(["add", "mul", "and", "or"]);

// 0, which no compiler can see.
const ZERO = "bitcast<f32>(zero)";

const denied = (condition: string): string => `(select(1u, 0u, ${condition}) ^ zero) != 0u`;

// Compilers turn x / 3 into x * (1 / 3) where they see the 3, and x / x into 1. A power of two's reciprocal is exact.
function quotient(divisor: Instruction | undefined, a: string, b: string): string {
  if (divisor?.kind !== "number" || divisor.value === 0) return `${a} / ${a === b ? `math_opaque(${b}, zero)` : b}`;
  const value = Math.fround(divisor.value);
  const exact = Number.isInteger(Math.log2(Math.abs(value))) && Math.abs(value) <= 2 ** 126;
  return exact ? `${a} * ${literal(1 / value)}` : `${a} / math_opaque(${b}, zero)`;
}

// The first of equal arguments, NaN if either is: `a < b ? b : a` keeps a NaN in a, and one in b must be looked for unless b
// is a number. The second mention is opaque, or compilers make this their own max, which may lose NaN.
function extremum(program: Program, action: "min" | "max", args: readonly number[], a: string, b: string): string {
  const [first, second] = args.map((place) => program.instructions[place]);
  const strict = action === "max" ? "<" : ">";
  if (second?.kind === "number") return `select(${a}, math_opaque(${b}, zero), ${a} ${strict} ${b})`;
  if (first?.kind === "number") {
    const kept = action === "max" ? ">=" : "<=";
    return `select(${b}, math_opaque(${a}, zero), ${a} ${kept} ${b})`;
  }
  return `select(${a}, ${b}, (${a} ${strict} ${b}) | ((bitcast<u32>(${b}) & 0x7fffffffu) > 0x7f800000u))`;
}

function operand(program: Program, place: number): string {
  const made = program.instructions[place];
  if (made?.kind === "variable") return `x${made.index}`;
  if (made?.kind === "parameter") return `p.p${made.index}`;
  return `v${place}`;
}

// The nearest f32, in enough decimal digits to be it again whether it is read as f32 or by way of f64.
function literal(value: number): string {
  return `${Math.fround(value)}f`;
}

function opaqueLiteral(value: number): string {
  return Object.is(value, -0) ? "bitcast<f32>(0x80000000u ^ zero)" : ZERO;
}
