import type { Arithmetic } from "../arithmetic/arithmetic.ts";
import { type Elementary, isElementary } from "../arithmetic/elementary.ts";
import type { Action } from "./expr.ts";
import type { Instruction, Program } from "./program.ts";

export type FloatArray = Float32Array | Float64Array;

/**
 * Values of a program's outputs at `count` points: `variables[k][i]` is x[k] at point i, `parameters` are in the program's order.
 * The arrays returned are the evaluator's own, at least `count` long, and hold until the next call.
 */
export type Evaluator = (
  variables: readonly FloatArray[],
  parameters: readonly number[],
  count: number,
) => readonly FloatArray[];

/**
 * An evaluator of a program, in f32 or f64 as `arithmetic` is.
 *
 * In f32 every number, variable, parameter and result is rounded by being stored in a Float32Array, which for + - * / is what
 * the GPU computes, so that the outputs are those of the emitted WGSL bit for bit wherever no value is subnormal.
 */
export function evaluator(program: Program, arithmetic: Arithmetic): Evaluator {
  const { instructions } = program;
  const steps = instructions.map((made) => stepOf(made, arithmetic));
  const { registers: slots, count: slotCount } = allocate(program);
  let registers: FloatArray[] = [];
  let capacity = 0;
  return (variables, parameters, count) => {
    if (count > capacity) {
      capacity = count;
      registers = Array.from({ length: slotCount }, () =>
        arithmetic.name === "f32" ? new Float32Array(capacity) : new Float64Array(capacity),
      );
    }
    for (const [place, step] of steps.entries()) {
      step(at(registers, slots[place]), (k) => at(registers, slots[k]), variables, parameters, count);
    }
    return program.outputs.map((place) => at(registers, slots[place]));
  };
}

type Step = (
  out: FloatArray,
  register: (place: number) => FloatArray,
  variables: readonly FloatArray[],
  parameters: readonly number[],
  count: number,
) => void;

function stepOf(made: Instruction, arithmetic: Arithmetic): Step {
  if (made.kind === "number")
    return (out, _register, _variables, _parameters, count) => void out.fill(made.value, 0, count);
  if (made.kind === "parameter") {
    return (out, _register, _variables, parameters, count) =>
      void out.fill(parameters[made.index] ?? Number.NaN, 0, count);
  }
  if (made.kind === "variable") {
    return (out, _register, variables, _parameters, count) => out.set(at(variables, made.index).subarray(0, count));
  }
  const [first = 0, second = first, third = first] = made.args;
  const loop = loopOf(made.action, arithmetic);
  return (out, register, _variables, _parameters, count) =>
    loop(out, register(first), register(second), register(third), count);
}

function at<T>(list: readonly T[], index: number | undefined): T {
  const item = index === undefined ? undefined : list[index];
  if (item === undefined) throw new RangeError(`nothing at ${index}`);
  return item;
}

// Registers are shared by values that are not needed at the same time; a result may take the place of its own argument.
function allocate(program: Program): { registers: readonly number[]; count: number } {
  const { instructions, outputs } = program;
  const lastUse = instructions.map((_, place) => place);
  for (const [place, made] of instructions.entries()) {
    if (made.kind === "call") for (const arg of made.args) lastUse[arg] = place;
  }
  for (const place of outputs) lastUse[place] = Number.POSITIVE_INFINITY;
  const free: number[] = [];
  const registers: number[] = [];
  let count = 0;
  for (const [place, made] of instructions.entries()) {
    for (const arg of new Set(made.kind === "call" ? made.args : [])) {
      if (lastUse[arg] === place) free.push(registers[arg] ?? 0);
    }
    registers.push(free.pop() ?? count++);
  }
  return { registers, count };
}

type Loop = (out: FloatArray, a: FloatArray, b: FloatArray, c: FloatArray, count: number) => void;

function loopOf(action: Action, arithmetic: Arithmetic): Loop {
  if (action === "pow") return binary(arithmetic.pow);
  if (isElementary(action)) return unary(arithmetic[action]);
  return LOOPS[action];
}

function unary(f: (x: number) => number): Loop {
  return (out, a, _b, _c, count) => {
    for (let i = 0; i < count; i++) out[i] = f(a[i] ?? 0);
  };
}

function binary(f: (x: number, y: number) => number): Loop {
  return (out, a, b, _c, count) => {
    for (let i = 0; i < count; i++) out[i] = f(a[i] ?? 0, b[i] ?? 0);
  };
}

// Loops of their own for what is a single instruction of the machine: a call would cost more than the operation.
const LOOPS: Readonly<Record<Exclude<Action, Elementary>, Loop>> = {
  add(out, a, b, _c, count) {
    for (let i = 0; i < count; i++) out[i] = (a[i] ?? 0) + (b[i] ?? 0);
  },
  sub(out, a, b, _c, count) {
    for (let i = 0; i < count; i++) out[i] = (a[i] ?? 0) - (b[i] ?? 0);
  },
  mul(out, a, b, _c, count) {
    for (let i = 0; i < count; i++) out[i] = (a[i] ?? 0) * (b[i] ?? 0);
  },
  div(out, a, b, _c, count) {
    for (let i = 0; i < count; i++) out[i] = (a[i] ?? 0) / (b[i] ?? 0);
  },
  neg: unary((x) => -x),
  abs: unary(Math.abs),
  floor: unary(Math.floor),
  ceil: unary(Math.ceil),
  sign: unary(Math.sign),
  min: binary((x, y) => (x > y || Number.isNaN(y) ? y : x)),
  max: binary((x, y) => (x < y || Number.isNaN(y) ? y : x)),
  lt: binary((x, y) => (x < y ? 1 : 0)),
  le: binary((x, y) => (x <= y ? 1 : 0)),
  gt: binary((x, y) => (x > y ? 1 : 0)),
  ge: binary((x, y) => (x >= y ? 1 : 0)),
  eq: binary((x, y) => (x === y ? 1 : 0)),
  ne: binary((x, y) => (x !== y ? 1 : 0)),
  and: binary((x, y) => x * y),
  or: binary((x, y) => x + y - x * y),
  not: unary((x) => 1 - x),
  holds: unary((x) => (x !== 0 ? 1 : 0)),
  indicate: unary((x) => x),
  select(out, a, b, c, count) {
    for (let i = 0; i < count; i++) out[i] = (a[i] !== 0 ? b[i] : c[i]) ?? 0;
  },
};
