import { type Code, code, type I32, type Statement, unsigned, type ValueType } from "./code.ts";
import { Constants } from "./constants.ts";
import { i32 } from "./scalar.ts";

const TYPES: Readonly<Record<ValueType, number>> = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b };
const NOTHING = 0x40;

/** A function under way: its locals, and the statements so far. */
export class FunctionBuilder {
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
  readonly #locals: ValueType[] = [];
  readonly #bytes: number[] = [];

  constructor(parameters: readonly ValueType[], results: readonly ValueType[]) {
    this.parameters = parameters;
    this.results = results;
  }

  /** The value of parameter k. */
  parameter<T extends ValueType>(type: T, k: number): Code<T> {
    return code(type, [0x20], unsigned(k));
  }

  /** A variable, 0 at first. */
  variable<T extends ValueType>(type: T, initial?: Code<T>): Variable<T> {
    const index = this.parameters.length + this.#locals.push(type) - 1;
    const value = code(type, [0x20], unsigned(index));
    const set = (to: Code<T>): void => this.emit([...to.bytes, 0x21, ...unsigned(index)]);
    if (initial) set(initial);
    return { value, set };
  }

  /** A value that is computed here, once, and used as often as wanted. */
  let<T extends ValueType>(value: Code<T>): Code<T> {
    // What is short already needs no place of its own.
    return value.bytes[0] === 0x20 && value.bytes.length <= 3 ? value : this.variable(value.type, value).value;
  }

  emit(statement: Statement): void {
    for (const byte of statement) this.#bytes.push(byte);
  }

  /** Runs `body` where the condition is not 0, else `otherwise`. */
  if(condition: I32, body: () => void, otherwise?: () => void): void {
    this.emit([...condition.bytes, 0x04, NOTHING]);
    body();
    if (otherwise) {
      this.emit([0x05]);
      otherwise();
    }
    this.emit([0x0b]);
  }

  /** Runs `body` once and then for as long as the condition that it gives is not 0. */
  repeat(body: () => I32): void {
    this.emit([0x03, NOTHING]);
    const again = body();
    this.emit([...again.bytes, 0x0d, 0, 0x0b]);
  }

  /** Runs `body` while the condition, computed before each run, is not 0. */
  while(condition: () => I32, body: () => void): void {
    this.emit([0x02, NOTHING, 0x03, NOTHING]);
    this.emit([...i32.eqz(condition()).bytes, 0x0d, 1]);
    body();
    this.emit([0x0c, 0, 0x0b, 0x0b]);
  }

  /** Runs `body` with k = from, from + step, … below the (signed) end. */
  for(from: I32, end: I32, step: number, body: (k: I32) => void): void {
    const k = this.variable("i32", from);
    this.while(
      () => i32.ltS(k.value, end),
      () => {
        body(k.value);
        k.set(i32.add(k.value, i32.const(step)));
      },
    );
  }

  /** Leaves results on the stack. */
  return(...values: readonly Code[]): void {
    this.emit(values.flatMap((value) => [...value.bytes]));
  }

  /** The function's entry in the code section. */
  encoded(constants: Constants): number[] {
    const locals = runsOf(this.#locals).flatMap(([count, type]) => [...unsigned(count), TYPES[type]]);
    const body = [...unsigned(runsOf(this.#locals).length), ...locals];
    const bytes = body.concat(constants.resolved(this.#bytes), 0x0b);
    return unsigned(bytes.length).concat(bytes);
  }
}

/** A local variable: `value` reads it, `set` writes it. */
export interface Variable<T extends ValueType> {
  readonly value: Code<T>;
  set(value: Code<T>): void;
}

/** A finished function, to be called from others. */
export interface FunctionRef {
  readonly index: number;
  readonly results: readonly ValueType[];
}

/** A call of a function of one result. */
export function call<T extends ValueType>(type: T, to: FunctionRef, ...args: readonly Code[]): Code<T> {
  return code(type, ...args.map(({ bytes }) => bytes), [0x10], unsigned(to.index));
}

/** Calls a function of several results, or of none, and puts the results into variables. */
export function callInto(
  f: FunctionBuilder,
  to: FunctionRef,
  args: readonly Code[],
  ...results: readonly Variable<ValueType>[]
): void {
  f.emit([...args.flatMap(({ bytes }) => [...bytes]), 0x10, ...unsigned(to.index)]);
  // The last result is on top.
  for (const result of [...results].reverse()) f.emit([0x21, ...result.value.bytes.slice(1)]);
}

export interface MemoryType {
  /** In pages of 64 KiB. */
  readonly initial: number;
  readonly maximum: number;
  readonly shared: boolean;
}

/** A module of functions over one imported memory, "env" "memory". */
export class ModuleBuilder {
  readonly #functions: FunctionBuilder[] = [];
  readonly #exports: { name: string; index: number }[] = [];
  readonly #memory: MemoryType;

  constructor(memory: MemoryType) {
    this.#memory = memory;
  }

  /** Adds a function; with a name it is exported. */
  function(
    parameters: readonly ValueType[],
    results: readonly ValueType[],
    build: (f: FunctionBuilder) => void,
    name?: string,
  ): FunctionRef {
    const f = new FunctionBuilder(parameters, results);
    build(f);
    const index = this.#functions.push(f) - 1;
    if (name !== undefined) this.#exports.push({ name, index });
    return { index, results };
  }

  /** The module's bytes. */
  encoded(): Uint8Array<ArrayBuffer> {
    const { initial, maximum, shared } = this.#memory;
    const types = this.#functions.map(({ parameters, results }) => [
      0x60,
      ...vector(parameters.map((type) => [TYPES[type]])),
      ...vector(results.map((type) => [TYPES[type]])),
    ]);
    const memory = [...text("env"), ...text("memory"), 2, shared ? 3 : 1, ...unsigned(initial), ...unsigned(maximum)];
    const constants = new Constants();
    const bodies = this.#functions.map((f) => f.encoded(constants));
    const exports = this.#exports.map(({ name, index }) => [...text(name), 0, ...unsigned(index)]);
    return Uint8Array.from([
      ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...section(1, vector(types)),
      ...section(2, vector([memory])),
      ...section(3, vector(types.map((_, k) => unsigned(k)))),
      ...section(6, vector(constants.globals())),
      ...section(7, vector(exports)),
      ...section(10, vector(bodies)),
    ]);
  }
}

function section(id: number, content: readonly number[]): number[] {
  return [id].concat(unsigned(content.length), content);
}

function vector(items: readonly (readonly number[])[]): number[] {
  return unsigned(items.length).concat(items.flat());
}

function text(value: string): number[] {
  const bytes = [...new TextEncoder().encode(value)];
  return [...unsigned(bytes.length), ...bytes];
}

/** Neighbours of one type, counted. */
function runsOf(types: readonly ValueType[]): readonly (readonly [count: number, type: ValueType])[] {
  const runs: [number, ValueType][] = [];
  for (const type of types) {
    const last = runs.at(-1);
    if (last && last[1] === type) last[0] += 1;
    else runs.push([1, type]);
  }
  return runs;
}

/** A store of a word or number. */
export const store = {
  i32: (at: I32, value: I32, offset = 0): Statement => [...at.bytes, ...value.bytes, 0x36, 2, ...unsigned(offset)],
  f32: (at: I32, value: Code<"f32">, offset = 0): Statement => [
    ...at.bytes,
    ...value.bytes,
    0x38,
    2,
    ...unsigned(offset),
  ],
  f64: (at: I32, value: Code<"f64">, offset = 0): Statement => [
    ...at.bytes,
    ...value.bytes,
    0x39,
    3,
    ...unsigned(offset),
  ],
} as const;
