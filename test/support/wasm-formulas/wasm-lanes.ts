import type { V128 } from "../../../src/wasm/code.ts";
import { type FunctionBuilder, ModuleBuilder } from "../../../src/wasm/module.ts";
import { i32 } from "../../../src/wasm/scalar.ts";
import { v128 } from "../../../src/wasm/simd.ts";

const PAGE = 2 ** 16;

type Body = (f: FunctionBuilder, inputs: readonly V128[]) => readonly V128[];

/** Columns of outputs, given columns of inputs of one length: a WebAssembly function that `body` writes runs over four rows at once. */
export function runColumns(
  inputs: readonly Float32Array[],
  outputs: number,
  body: (module: ModuleBuilder) => Body,
): Float32Array[] {
  const length = Math.max(...inputs.map((column) => column.length));
  const stride = 16 * Math.ceil(length / 4);
  const pages = Math.ceil((stride * (inputs.length + outputs)) / PAGE) + 1;
  const module = new ModuleBuilder({ initial: pages, maximum: pages, shared: false });
  const emit = body(module);
  module.function(
    ["i32"],
    [],
    (f) => {
      f.for(i32.const(0), f.parameter("i32", 0), 16, (at) => {
        const values = emit(
          f,
          inputs.map((_, k) => v128.load(at, k * stride)),
        );
        values.forEach((value, k) => {
          f.emit(v128.store(at, value, (inputs.length + k) * stride));
        });
      });
    },
    "run",
  );
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  inputs.forEach((column, k) => {
    new Float32Array(memory.buffer, k * stride).set(column);
  });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.encoded()), { env: { memory } });
  (instance.exports.run as (end: number) => void)(stride);
  return Array.from({ length: outputs }, (_, k) =>
    new Float32Array(memory.buffer, (inputs.length + k) * stride, length).slice(),
  );
}

/** The values of a function that is written four lanes at once. */
export function runOnLanes(
  emit: (f: FunctionBuilder, ...args: V128[]) => V128,
  ...args: readonly Float32Array[]
): Float32Array {
  const [values] = runColumns(args, 1, () => (f, inputs) => [emit(f, ...inputs)]);
  return values ?? new Float32Array();
}
