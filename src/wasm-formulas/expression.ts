import { type Elementary, isElementary } from "../arithmetic/elementary.ts";
import type { Action } from "../expression/expr.ts";
import type { Instruction, Program } from "../expression/program.ts";
import type { V128 } from "../wasm/code.ts";
import { call, type FunctionBuilder, type FunctionRef, type ModuleBuilder } from "../wasm/module.ts";
import { f32x4, i32x4, v128 } from "../wasm/simd.ts";
import { elementary } from "./elementary/index.ts";

/** Writes the value of an elementary function. */
export type Calls = (f: FunctionBuilder, name: Elementary, args: readonly V128[]) => V128;

/** Every function where it is needed. */
export const inPlace: Calls = (f, name, args) => elementary[name](f, ...args);

/** Most calls in a module that are written where they are needed. */
const MOST_IN_PLACE = 8;

/**
 * How programs of one module reach elementary functions: in place where there are few calls, else as functions of the module,
 * which are added here. To be asked once a module, before the functions that hold the programs.
 */
export function callsIn(module: ModuleBuilder, programs: readonly Program[], most = MOST_IN_PLACE): Calls {
  const names = programs.flatMap(({ instructions }) => instructions.flatMap(calledBy));
  if (names.length <= most) return inPlace;
  const functions = new Map([...new Set(names)].map((name) => [name, functionOf(module, name)]));
  return (f, name, args) => {
    const to = functions.get(name);
    return to ? call("v128", to, ...args) : inPlace(f, name, args);
  };
}

// A square root is shorter than a call.
function calledBy(made: Instruction): readonly Elementary[] {
  return made.kind === "call" && isElementary(made.action) && made.action !== "sqrt" ? [made.action] : [];
}

function functionOf(module: ModuleBuilder, name: Elementary): FunctionRef {
  const types = name === "pow" ? (["v128", "v128"] as const) : (["v128"] as const);
  return module.function(types, ["v128"], (f) => {
    f.return(elementary[name](f, ...types.map((type, k) => f.parameter(type, k))));
  });
}

/** Longer code gets a place of its own even if it is used once, as code is copied into what it is part of. */
const LONGEST = 256;

/**
 * Writes a program at four points, with the bits of its f32 evaluator. `variables` are x[0], x[1], …, `parameters` in the program's
 * order, and the result is a value an output. Conditions are masks, all ones where they hold.
 */
export function emitProgram(
  f: FunctionBuilder,
  program: Program,
  variables: readonly V128[],
  parameters: readonly V128[],
  calls: Calls = inPlace,
): readonly V128[] {
  const { instructions, outputs } = program;
  const uses = usesOf(program);
  const values: V128[] = [];
  for (const [place, made] of instructions.entries()) {
    const value = written(f, instructions, made, { values, variables, parameters, calls });
    values.push((uses[place] ?? 0) > 1 || value.bytes.length > LONGEST ? f.let(value) : value);
  }
  return outputs.map((place) => at(values, place));
}

interface Given {
  /** Of the instructions so far. */
  readonly values: readonly V128[];
  readonly variables: readonly V128[];
  readonly parameters: readonly V128[];
  readonly calls: Calls;
}

function written(f: FunctionBuilder, instructions: readonly Instruction[], made: Instruction, given: Given): V128 {
  if (made.kind === "number") return f32x4.const(made.value);
  if (made.kind === "variable") return at(given.variables, made.index);
  if (made.kind === "parameter") return at(given.parameters, made.index);
  const { action } = made;
  const args = made.args.map((place) => at(given.values, place));
  if (isElementary(action)) return given.calls(f, action, args);
  const [a = ZERO, b = ZERO, c = ZERO] = args;
  const second = instructions[made.args[1] ?? 0];
  const known = second?.kind === "number" ? Math.fround(second.value) : Number.NaN;
  if (action === "div") return hasInverse(known) ? f32x4.mul(a, f32x4.const(1 / known)) : f32x4.div(a, b);
  if (action === "min") return orNaN(f, f32x4.pmin, a, b, known);
  if (action === "max") return orNaN(f, f32x4.pmax, a, b, known);
  return PLAIN[action](f, a, b, c);
}

/** Whether a number's inverse is an f32 too, so that a product is the quotient. */
function hasInverse(value: number): boolean {
  const power = Math.log2(Math.abs(value));
  return Number.isInteger(power) && Math.abs(power) <= 126;
}

/** The lesser or greater one, NaN if either is. A NaN in the first stays by itself; one in the second must be looked for. */
function orNaN(f: FunctionBuilder, extremum: typeof f32x4.pmin, a: V128, b: V128, known: number): V128 {
  if (!Number.isNaN(known)) return extremum(a, b);
  const second = f.let(b);
  return v128.or(extremum(a, second), f32x4.ne(second, second));
}

function usesOf({ instructions, outputs }: Program): readonly number[] {
  const uses = instructions.map(() => 0);
  const read = instructions.flatMap((made) => (made.kind === "call" ? made.args : []));
  for (const place of [...read, ...outputs]) uses[place] = (uses[place] ?? 0) + 1;
  return uses;
}

type Plain = (f: FunctionBuilder, a: V128, b: V128, c: V128) => V128;

const ZERO = f32x4.const(0);
const ONE = f32x4.const(1);
const SIGN = i32x4.const(-(2 ** 31));

const PLAIN: Readonly<Record<Exclude<Action, Elementary | "div" | "min" | "max">, Plain>> = {
  add: (_, a, b) => f32x4.add(a, b),
  sub: (_, a, b) => f32x4.sub(a, b),
  mul: (_, a, b) => f32x4.mul(a, b),
  neg: (_, a) => f32x4.neg(a),
  abs: (_, a) => f32x4.abs(a),
  floor: (_, a) => f32x4.floor(a),
  ceil: (_, a) => f32x4.ceil(a),
  sign,
  lt: (_, a, b) => f32x4.lt(a, b),
  le: (_, a, b) => f32x4.le(a, b),
  gt: (_, a, b) => f32x4.gt(a, b),
  ge: (_, a, b) => f32x4.ge(a, b),
  eq: (_, a, b) => f32x4.eq(a, b),
  ne: (_, a, b) => f32x4.ne(a, b),
  and: (_, a, b) => v128.and(a, b),
  or: (_, a, b) => v128.or(a, b),
  not: (_, a) => v128.not(a),
  holds: (_, a) => f32x4.ne(a, ZERO),
  indicate: (_, a) => v128.and(a, ONE),
  select: (_, a, b, c) => v128.select(a, b, c),
};

/** 1 of a's sign, but zeros and NaN as they are. */
function sign(f: FunctionBuilder, a: V128): V128 {
  const x = f.let(a);
  const one = v128.and(f32x4.ne(x, ZERO), ONE);
  return v128.or(v128.or(v128.and(x, SIGN), one), f32x4.ne(x, x));
}

function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new RangeError(`nothing at ${index}`);
  return item;
}
