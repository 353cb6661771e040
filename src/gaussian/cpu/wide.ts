import type { V128 } from "../../wasm/code.ts";
import type { FunctionBuilder, Variable } from "../../wasm/module.ts";
import { f32x4, f64x2, i32x4, v128 } from "../../wasm/simd.ts";
import { logDeterminantOf } from "./log-determinant.ts";
import type { Group } from "./matrix-form.ts";

/** A number in f64 of each row of a group: two rows a vector. */
export type Wide = readonly V128[];

/** Operations on numbers of all rows of a group; each result is computed once. */
export class WideMath {
  readonly group: Group;
  readonly #f: FunctionBuilder;

  constructor(f: FunctionBuilder, group: Group) {
    this.#f = f;
    this.group = group;
  }

  map(a: Wide, b: Wide, of: (x: V128, y: V128) => V128): Wide {
    return a.map((x, h) => this.#f.let(of(x, b[h] as V128)));
  }

  all(value: number): Wide {
    return Array.from({ length: this.group / 2 }, () => f64x2.const(value));
  }

  add(a: Wide, b: Wide): Wide {
    return this.map(a, b, f64x2.add);
  }

  sub(a: Wide, b: Wide): Wide {
    return this.map(a, b, f64x2.sub);
  }

  mul(a: Wide, b: Wide): Wide {
    return this.map(a, b, f64x2.mul);
  }

  /** a - b c */
  less(a: Wide, b: Wide, c: Wide): Wide {
    return a.map((x, h) => this.#f.let(f64x2.sub(x, f64x2.mul(b[h] as V128, c[h] as V128))));
  }

  /** Of rows in the lanes of a vector of f32. */
  widened(rows: V128): Wide {
    const low = this.#f.let(f64x2.ofLow(rows));
    if (this.group === 2) return [low];
    return [low, this.#f.let(f64x2.ofLow(v128.shuffle(rows, rows, [2, 3, 2, 3])))];
  }
}

/** As f32, a row a lane. */
export function narrowed([low, high]: Wide): V128 {
  const first = f32x4.ofF64(low as V128);
  return high ? v128.shuffle(first, f32x4.ofF64(high), [0, 1, 4, 5]) : first;
}

/** Masks of f64 as masks of 32 bits, a row a lane. */
export function narrowedMask([low, high = low]: Wide): V128 {
  return v128.shuffle(low as V128, high as V128, [0, 2, 4, 6]);
}

/** A sum, or a mask, of each row of a group. */
export class WideVariable {
  readonly #parts: readonly Variable<"v128">[];

  constructor(f: FunctionBuilder, group: Group) {
    this.#parts = Array.from({ length: group / 2 }, () => f.variable("v128"));
  }

  get value(): Wide {
    return this.#parts.map(({ value }) => value);
  }

  set(to: Wide): void {
    for (const [h, part] of this.#parts.entries()) part.set(to[h] as V128);
  }

  /** Joins another number or mask to what there is. */
  join(operation: (a: V128, b: V128) => V128, more: Wide): void {
    this.set(this.value.map((part, h) => operation(part, more[h] as V128)));
  }
}

/** Products of positive normal f64, mantissas apart from exponents. */
export class WideDeterminant {
  readonly #mantissas: WideVariable;
  /** With the bias of each factor, in the upper half of each f64's place. */
  readonly #exponents: WideVariable;
  readonly #math: WideMath;

  constructor(f: FunctionBuilder, math: WideMath) {
    this.#math = math;
    this.#mantissas = new WideVariable(f, math.group);
    this.#exponents = new WideVariable(f, math.group);
  }

  reset(): void {
    this.#mantissas.set(this.#math.all(1));
    this.#exponents.set(this.#math.all(0));
  }

  /** At most 127 times. */
  times(value: Wide): void {
    this.#mantissas.join(f64x2.mul, value.map(mantissaOf));
    this.#exponents.join(
      i32x4.add,
      value.map((part) => i32x4.shrU(part, 20)),
    );
  }

  /** The logarithm after so many factors, a row a lane. */
  log(f: FunctionBuilder, factors: number): V128 {
    const [low, high = low] = this.#exponents.value;
    const exponents = v128.shuffle(low as V128, high as V128, [1, 3, 5, 7]);
    const mantissas = f.let(narrowed(this.#mantissas.value));
    return logDeterminantOf(f, mantissas, i32x4.sub(exponents, i32x4.const(1_023 * factors)));
  }
}

function mantissaOf(value: V128): V128 {
  const [bits, one] = [v128.words(-1, 0x000fffff, -1, 0x000fffff), v128.words(0, 0x3ff00000, 0, 0x3ff00000)];
  return v128.or(v128.and(value, bits), one);
}
