import { LARGEST } from "../../arithmetic/range.ts";
import type { I32, V128 } from "../../wasm/code.ts";
import type { FunctionBuilder } from "../../wasm/module.ts";
import { f32x4, i32x4, v128 } from "../../wasm/simd.ts";
import { walk } from "./columns.ts";
import { four, largestLane, tree } from "./lanes.ts";

/** Stands for "no value yet": the lowest finite number, as a difference of two infinities is none. */
export const LOWEST = -LARGEST;

/** Bytes of values whose terms are summed in f32, 32 a lane, before they join sums in f64. */
export const PART = 2_048;

/** The largest value of bytes [start, end), in all lanes; LOWEST where none is larger. */
export function peakOf(b: FunctionBuilder, start: I32, end: I32): V128 {
  const best = four(() => b.variable("v128", f32x4.const(LOWEST)));
  walk(b, start, end, (vectors) => {
    for (const [k, vector] of vectors.entries()) best[k]?.set(f32x4.pmax(best[k].value, vector));
  });
  const values = best.map(({ value }) => value);
  return largestLane(b, tree(values, f32x4.pmax));
}

/** Sums of terms exp(d) in four lanes of f32. */
export interface Sums {
  clear(): void;
  add(terms: readonly V128[]): void;
  /** Adds those that are not exactly 1, and counts the others: small ones beside them keep their digits. */
  addApart(terms: readonly V128[]): void;
  /** Adds terms times their exponents, where that is wanted. */
  addSlope(terms: readonly V128[], exponents: readonly V128[]): void;
  readonly rest: V128;
  readonly ties: V128;
  readonly slope: V128;
}

export function sumsOf(b: FunctionBuilder, entropy = false): Sums {
  const [rest, ties, slope] = [b.variable("v128"), b.variable("v128"), b.variable("v128")];
  const add = (terms: readonly V128[]) => rest.set(f32x4.add(rest.value, tree(terms, f32x4.add)));
  return {
    clear: () => [rest, ties, slope].forEach((sum) => void sum.set(f32x4.const(0))),
    add,
    addApart(terms) {
      const small = terms.map((term) => {
        const one = b.let(f32x4.eq(term, f32x4.const(1)));
        ties.set(i32x4.sub(ties.value, one));
        return b.let(v128.andNot(term, one));
      });
      add(small);
    },
    addSlope(terms, exponents) {
      if (!entropy) return;
      const products = terms.map((term, k) => f32x4.mul(term, exponents[k] ?? term));
      slope.set(f32x4.add(slope.value, tree(products, f32x4.add)));
    },
    rest: rest.value,
    ties: ties.value,
    slope: slope.value,
  };
}
