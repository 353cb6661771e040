import { code, type V128 } from "../../wasm/code.ts";
import { ModuleBuilder } from "../../wasm/module.ts";
import { f32x4 } from "../../wasm/simd.ts";

let fuses: boolean | undefined;

/** a b + c, rounded once where the browser can (WebAssembly's relaxed SIMD), else twice. */
export function mulAdd(a: V128, b: V128, c: V128): V128 {
  fuses ??= canFuse();
  return fuses ? fused(0x85, a, b, c) : f32x4.add(f32x4.mul(a, b), c);
}

/** c - a b, in the same way. */
export function mulSub(a: V128, b: V128, c: V128): V128 {
  fuses ??= canFuse();
  return fuses ? fused(0x86, a, b, c) : f32x4.sub(c, f32x4.mul(a, b));
}

function fused(opcode: number, a: V128, b: V128, c: V128): V128 {
  return code("v128", a.bytes, b.bytes, c.bytes, [0xfd, opcode, 2]);
}

function canFuse(): boolean {
  const probe = new ModuleBuilder({ initial: 1, maximum: 1, shared: false });
  probe.function(["v128"], ["v128"], (b) => {
    const x = b.parameter("v128", 0);
    b.return(fused(0x85, x, x, x));
  });
  return WebAssembly.validate(probe.encoded());
}
