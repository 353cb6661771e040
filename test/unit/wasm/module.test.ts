import { describe, expect, test } from "vitest";
import { signed, unsigned } from "../../../src/wasm/code.ts";
import { type FunctionBuilder, ModuleBuilder, store } from "../../../src/wasm/module.ts";
import { f32, i32, select } from "../../../src/wasm/scalar.ts";
import { f32x4, i32x4, v128 } from "../../../src/wasm/simd.ts";

const MEMORY = { initial: 1, maximum: 1, shared: false };

/** Compiles one function ("f") and gives it beside its memory. */
function made(build: (module: ModuleBuilder) => void) {
  const module = new ModuleBuilder(MEMORY);
  build(module);
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.encoded()), { env: { memory } });
  return { f: instance.exports.f as (...args: number[]) => number, memory };
}

describe("numbers in LEB128", () => {
  // The examples of DWARF 4, figures 22 and 23.
  test("are those of DWARF's tables", () => {
    expect(unsigned(2)).toEqual([2]);
    expect(unsigned(127)).toEqual([127]);
    expect(unsigned(128)).toEqual([0x80, 1]);
    expect(unsigned(12857)).toEqual([57 + 0x80, 100]);
    expect(unsigned(2 ** 32 - 1)).toEqual([0xff, 0xff, 0xff, 0xff, 0x0f]);
    expect(signed(2)).toEqual([2]);
    expect(signed(-2)).toEqual([0x7e]);
    expect(signed(127)).toEqual([0xff, 0]);
    expect(signed(-127)).toEqual([0x81, 0x7f]);
    expect(signed(-128)).toEqual([0x80, 0x7f]);
    expect(signed(-129)).toEqual([0xff, 0x7e]);
    expect(signed(-(2 ** 31))).toEqual([0x80, 0x80, 0x80, 0x80, 0x78]);
  });
});

describe("a module", () => {
  test("runs loops and branches", () => {
    const { f } = made((module) => {
      module.function(["i32"], ["i32"], collatz, "f");
    });
    expect(f(27)).toBe(111);
    expect(f(1)).toBe(0);
  });

  test("computes on four lanes", () => {
    const { f, memory } = made((module) => {
      module.function(
        ["i32"],
        [],
        (b) => {
          const at = b.parameter("i32", 0);
          const x = b.let(v128.load(at));
          b.emit(v128.store(at, f32x4.sqrt(f32x4.mul(x, x)), 16));
          b.emit(v128.store(at, v128.shuffle(x, f32x4.neg(x), [3, 4, 1, 6]), 32));
          b.emit(v128.store(at, v128.select(f32x4.lt(x, f32x4.const(0)), i32x4.const(7), x), 48));
        },
        "f",
      );
    });
    const floats = new Float32Array(memory.buffer, 256, 16);
    floats.set([1, -2, 3, -4]);
    f(256);
    expect([...floats.subarray(4, 8)]).toEqual([1, 2, 3, 4]);
    expect([...floats.subarray(8, 12)]).toEqual([-4, -1, -2, -3]);
    expect([...new Uint32Array(memory.buffer, 256 + 48, 4)]).toEqual([0x3f800000, 7, 0x40400000, 7]);
  });

  test("stores what it selects", () => {
    const { f, memory } = made((module) => {
      module.function(
        ["f32", "f32"],
        [],
        (b) => {
          const [x, y] = [b.parameter("f32", 0), b.parameter("f32", 1)];
          b.emit(store.f32(i32.const(0), select(f32.lt(x, y), f32.sub(y, x), f32.sub(x, y))));
        },
        "f",
      );
    });
    f(3, 5.5);
    expect(new Float32Array(memory.buffer)[0]).toBe(2.5);
  });
});

function collatz(b: FunctionBuilder): void {
  const n = b.variable("i32", b.parameter("i32", 0));
  const steps = b.variable("i32");
  b.while(
    () => i32.ne(n.value, i32.const(1)),
    () => {
      b.if(
        i32.and(n.value, i32.const(1)),
        () => n.set(i32.add(i32.mul(n.value, i32.const(3)), i32.const(1))),
        () => n.set(i32.shrU(n.value, i32.const(1))),
      );
      steps.set(i32.add(steps.value, i32.const(1)));
    },
  );
  b.return(steps.value);
}
