import { LN2_HIGH, LN2_LOW } from "../../arithmetic/coefficients.ts";
import type { V128 } from "../../wasm/code.ts";
import type { FunctionBuilder, Variable } from "../../wasm/module.ts";
import { f32x4, i32x4, v128 } from "../../wasm/simd.ts";
import { logNormal } from "../../wasm-formulas/elementary/log.ts";

const BIAS = 127;

/** Products of positive normal f32 that could leave f32's range, a lane each: mantissas apart from exponents. */
export class Determinant {
  readonly mantissas: Variable<"v128">;
  /** With the bias of each factor. */
  readonly exponents: Variable<"v128">;
  readonly #f: FunctionBuilder;

  constructor(f: FunctionBuilder) {
    this.#f = f;
    this.mantissas = f.variable("v128");
    this.exponents = f.variable("v128");
  }

  reset(): void {
    this.mantissas.set(f32x4.const(1));
    this.exponents.set(i32x4.const(0));
  }

  /** At most 127 factors between one `settle` and the next. */
  times(value: V128): void {
    this.mantissas.set(f32x4.mul(this.mantissas.value, mantissaOf(value)));
    this.exponents.set(i32x4.add(this.exponents.value, i32x4.shrU(value, 23)));
  }

  /** Moves the exponents of the products so far to the others. */
  settle(): void {
    const product = this.#f.let(this.mantissas.value);
    const more = i32x4.sub(i32x4.shrU(product, 23), i32x4.const(BIAS));
    this.exponents.set(i32x4.add(this.exponents.value, more));
    this.mantissas.set(mantissaOf(product));
  }
}

function mantissaOf(value: V128): V128 {
  return v128.or(v128.and(value, i32x4.const(0x007fffff)), i32x4.const(0x3f800000));
}

/** log(mantissas 2^exponents), given how many factors have their bias in the exponents. */
export function logDeterminant(f: FunctionBuilder, mantissas: V128, exponents: V128, factors: number): V128 {
  return logDeterminantOf(f, mantissas, i32x4.sub(exponents, i32x4.const(BIAS * factors)));
}

/** log(mantissas 2^exponents) */
export function logDeterminantOf(f: FunctionBuilder, mantissas: V128, exponents: V128): V128 {
  const n = f.let(f32x4.ofInteger(exponents));
  const low = f32x4.add(logNormal(f, mantissas), f32x4.mul(n, f32x4.const(LN2_LOW)));
  return f32x4.add(f32x4.mul(n, f32x4.const(LN2_HIGH)), low);
}
