import { SLACK } from "../../linear-algebra/cholesky.ts";
import type { F64 } from "../../wasm/code.ts";
import type { FunctionRef, ModuleBuilder } from "../../wasm/module.ts";
import { f32, f64, i32, select } from "../../wasm/scalar.ts";

/** A function of a matrix's address: 1 where it differs from its mirror image by more than roundings in f32 explain. */
export function addAsymmetric(module: ModuleBuilder, size: number): FunctionRef {
  return module.function(["i32"], ["i32"], (f) => {
    const matrix = f.parameter("i32", 0);
    const found = f.variable("i32");
    const row = 4 * size;
    const entry = (at: typeof matrix, offset: typeof matrix): F64 => f64.ofF32(f32.load(i32.add(at, offset)));
    f.for(i32.const(0), i32.const(size), 1, (i) => {
      const own = f.let(i32.add(matrix, i32.mul(i, i32.const(row))));
      const ii = f.let(entry(own, i32.shl(i, i32.const(2))));
      f.for(i32.const(0), i, 1, (j) => {
        const other = f.let(i32.add(matrix, i32.mul(j, i32.const(row))));
        const x = f.let(entry(own, i32.shl(j, i32.const(2))));
        const jj = entry(other, i32.shl(j, i32.const(2)));
        const scale = f.let(f64.sqrt(f64.abs(f64.mul(ii, jj))));
        const size = f.let(f64.abs(x));
        const room = f64.mul(f64.const(SLACK), select(f64.gt(size, scale), size, scale));
        const apart = f64.abs(f64.sub(x, entry(other, i32.shl(i, i32.const(2)))));
        // NaN is apart from everything.
        found.set(i32.or(found.value, i32.eqz(f64.le(apart, room))));
      });
    });
    f.return(found.value);
  });
}
