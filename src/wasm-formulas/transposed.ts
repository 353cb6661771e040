import type { V128 } from "../wasm/code.ts";
import type { FunctionBuilder } from "../wasm/module.ts";
import { v128 } from "../wasm/simd.ts";

/** Four vectors of four lanes. */
export type FourByFour = readonly [V128, V128, V128, V128];

/** Lane j of vector k becomes lane k of vector j. */
export function transposed(f: FunctionBuilder, [a, b, c, d]: FourByFour): FourByFour {
  const low = [f.let(v128.shuffle(a, b, [0, 4, 1, 5])), f.let(v128.shuffle(c, d, [0, 4, 1, 5]))] as const;
  const high = [f.let(v128.shuffle(a, b, [2, 6, 3, 7])), f.let(v128.shuffle(c, d, [2, 6, 3, 7]))] as const;
  return [
    f.let(v128.shuffle(...low, [0, 1, 4, 5])),
    f.let(v128.shuffle(...low, [2, 3, 6, 7])),
    f.let(v128.shuffle(...high, [0, 1, 4, 5])),
    f.let(v128.shuffle(...high, [2, 3, 6, 7])),
  ];
}
