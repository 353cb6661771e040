/** Words moved into strata, four at once: the twin of shaders/lib/strata.wgsl. */
import type { V128 } from "../wasm/code.ts";
import type { FunctionBuilder } from "../wasm/module.ts";
import { i32x4, v128 } from "../wasm/simd.ts";
import { mulhi } from "./philox.ts";

/** What strataParams() of src/random/strata.ts gives, in all lanes. */
export interface StrataParams {
  readonly count: V128;
  readonly width: V128;
  readonly fraction: V128;
}

interface Boundary {
  readonly word: V128;
  /** k 2^32 modulo the number of strata. */
  readonly remainder: V128;
}

/** Word w moved into stratum k. */
export function stratumWord(f: FunctionBuilder, k: V128, w: V128, strata: StrataParams): V128 {
  const { count, width, fraction } = strata;
  const quotient = f.let(i32x4.add(i32x4.mul(k, width), mulhi(f, k, fraction)));
  const begin = carried(f, { word: quotient, remainder: negated(i32x4.mul(quotient, count)) }, count);
  const word = i32x4.add(begin.word, width);
  const remainder = i32x4.sub(begin.remainder, i32x4.mul(width, count));
  const end = carried(f, { word, remainder }, count);
  // Equal only where one stratum has all words.
  const moved = mulhi(f, i32x4.sub(end.word, begin.word), w);
  return f.let(i32x4.add(begin.word, v128.select(i32x4.eq(begin.word, end.word), w, moved)));
}

/** A division's quotient and remainder, given a remainder below twice the divisor. */
function carried(f: FunctionBuilder, { word, remainder }: Boundary, count: V128): Boundary {
  const rest = f.let(remainder);
  const over = f.let(i32x4.geU(rest, count));
  // The mask is -1.
  return { word: f.let(i32x4.sub(word, over)), remainder: f.let(i32x4.sub(rest, v128.and(over, count))) };
}

function negated(x: V128): V128 {
  return i32x4.sub(i32x4.const(0), x);
}
