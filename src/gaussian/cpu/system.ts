import { LEAST_NORMAL, MOST_INVERTIBLE } from "../../arithmetic/range.ts";
import type { V128 } from "../../wasm/code.ts";
import type { FunctionBuilder } from "../../wasm/module.ts";
import { f64x2, v128 } from "../../wasm/simd.ts";
import { CONDITION_LIMIT } from "../factor.ts";
import { groupOf, type MatrixForm } from "./matrix-form.ts";
import { narrowed, narrowedMask, type Wide, WideDeterminant, WideMath, WideVariable } from "./wide.ts";

/** What a solution gives of each row of a group, a row a lane. */
export interface Solved {
  /** The quadratic form; NaN or infinite where a value of the row is. */
  readonly q: V128;
  /** The product of the pivots: the determinant of a covariance, of a factor its root. */
  readonly determinant: WideDeterminant;
  /** Set unless the matrix is surely positive definite and surely not too close to singular. */
  readonly doubtful: V128;
}

/**
 * The sums that an elimination leaves: Σ = U D⁻¹ Uᵀ, D the diagonal of U, column by column. With the matrix go, as rows more,
 * t = x - mean, of which D U⁻¹ t is left, and the unit vectors. A factor L is its own U; then it is L⁻¹ in place of D U⁻¹.
 */
export class System {
  readonly math: WideMath;
  readonly #form: MatrixForm;
  readonly #f: FunctionBuilder;
  readonly #q: WideVariable;
  /** Sums of the variances, of the precisions, and of the sizes of x - mean. */
  readonly #sums: readonly [variances: WideVariable, precisions: WideVariable, sizes: WideVariable];
  readonly #fine: WideVariable;
  readonly #determinant: WideDeterminant;

  constructor(f: FunctionBuilder, form: MatrixForm) {
    const group = groupOf(form.dimension);
    const variable = () => new WideVariable(f, group);
    this.#f = f;
    this.#form = form;
    this.math = new WideMath(f, group);
    this.#q = variable();
    this.#sums = [variable(), variable(), variable()];
    this.#fine = variable();
    this.#determinant = new WideDeterminant(f, this.math);
  }

  reset(): void {
    for (const sum of [this.#q, ...this.#sums]) sum.set(this.math.all(0));
    this.#fine.set(this.math.map(this.#q.value, this.#q.value, f64x2.eq));
    this.#determinant.reset();
  }

  offset(value: Wide): void {
    this.#sums[2].join(f64x2.add, value.map(f64x2.abs));
  }

  /** An entry on or below the diagonal, as it is given. */
  entry(value: Wide, diagonal: boolean): void {
    if (this.#form.scale) this.#sums[0].join(f64x2.add, this.math.mul(value, value));
    else if (diagonal) this.#sums[0].join(f64x2.add, value);
  }

  /** Its reciprocal. */
  pivot(value: Wide): Wide {
    const { scale, root } = this.#form;
    const [low, high] = [this.math.all(scale ? LEAST_NORMAL : 0), this.math.all(MOST_INVERTIBLE)];
    this.#fine.join(v128.and, this.math.map(value, low, scale ? f64x2.ge : f64x2.gt));
    if (scale) this.#fine.join(v128.and, this.math.map(value, high, f64x2.le));
    if (!root) this.#determinant.times(value);
    return this.math.map(this.math.all(1), value, f64x2.div);
  }

  /** Of t at a pivot: what is to be multiplied with the column below it, and with parts of unit vectors for the slope. */
  share(t: Wide, rate: Wide): { readonly share: Wide; readonly weight: Wide } {
    const share = this.math.mul(t, rate);
    const weight = this.#form.scale ? share : t;
    this.#q.join(f64x2.add, this.math.mul(weight, share));
    return { share, weight };
  }

  /** The same of a unit vector, 1 at its own pivot. */
  unitShare(value: Wide | undefined, rate: Wide): Wide {
    const share = value ? this.math.mul(value, rate) : rate;
    const weight = this.#form.scale ? share : value;
    this.#sums[1].join(f64x2.add, weight ? this.math.mul(weight, share) : share);
    return share;
  }

  /** NaN where a value of the row is not finite, else 0. */
  get nothing(): Wide {
    const [, , sizes] = this.#sums;
    return this.math.sub(sizes.value, sizes.value);
  }

  solved(): Solved {
    const { math } = this;
    const [variances, precisions, sizes] = this.#sums.map(({ value }) => value) as [Wide, Wide, Wide];
    const finite = math.map(this.nothing, math.all(0), f64x2.eq);
    const q = sizes.map((size, h) => v128.select(finite[h] as V128, this.#q.value[h] as V128, size));
    // It is never below the condition number.
    const bound = math.mul(variances, precisions);
    const sure = math.map(this.#fine.value, math.map(bound, math.all(CONDITION_LIMIT), f64x2.le), v128.and);
    return {
      q: this.#f.let(narrowed(q)),
      determinant: this.#determinant,
      doubtful: this.#f.let(v128.not(narrowedMask(sure))),
    };
  }
}
