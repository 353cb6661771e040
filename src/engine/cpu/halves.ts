import { fromHalves, type Half, toHalves } from "../../arithmetic/halves.ts";
import { remember } from "../../core/memo.ts";
import type { I32, V128 } from "../../wasm/code.ts";
import { type FunctionBuilder, ModuleBuilder } from "../../wasm/module.ts";
import { i32 } from "../../wasm/scalar.ts";
import { f32x4, i16x8, i32x4, v128 } from "../../wasm/simd.ts";
import { type Allocation, ownArray } from "./allocation.ts";
import { COMMON_PAGES, type Cores, type WasmModule } from "./cores.ts";
import { NoRoom, Workspace } from "./workspace.ts";

// The CPU engine's kernels know f32 alone: halves are made f32 before them, and results halves after them.

/** Values of a task, whole vectors of halves. */
const TASK = 1 << 16;

/** Where conversions are done. */
interface Place {
  readonly cores: Cores | undefined;
  readonly threads: number;
}

/** The same numbers in f32. */
export async function widened(halves: Allocation, half: Half, place: Place): Promise<Allocation> {
  const floats = await converted(halves, Float32Array, `${half} to f32`, place);
  return floats ?? ownArray(fromHalves(halves.values() as Uint16Array, half));
}

/** The nearest halves. */
export async function narrowed(floats: Allocation, half: Half, place: Place): Promise<Allocation> {
  const halves = await converted(floats, Uint16Array, `f32 to ${half}`, place);
  return halves ?? ownArray(toHalves(floats.values() as Float32Array, half));
}

type Entry = `${Half} to f32` | `f32 to ${Half}`;

/** By WebAssembly, where the values are in its heap and there is room for as many. */
async function converted(
  values: Allocation,
  kind: Float32ArrayConstructor | Uint16ArrayConstructor,
  entry: Entry,
  { cores, threads }: Place,
): Promise<Allocation | undefined> {
  const { address: from } = values;
  if (!cores || from === undefined) return undefined;
  const space = new Workspace(cores, threads);
  const { length } = values.values();
  try {
    const result = space.result(length, kind, STEP);
    const size = 6 - kind.BYTES_PER_ELEMENT;
    const tasks = Array.from({ length: Math.ceil(length / TASK) }, (_, k) => {
      const [first, end] = [k * TASK, Math.min(length, (k + 1) * TASK)];
      return [from + size * first, result.address + kind.BYTES_PER_ELEMENT * first, end - first];
    });
    await space.run(moduleOf(space.shared), entry, tasks, length);
    space.end();
    return result;
  } catch (error) {
    const full = error instanceof NoRoom;
    space.abandon(!full);
    if (full) return undefined;
    throw error;
  }
}

/** Values at a time: the last step may write beyond the end, where the heap has room. */
const STEP = 8;

const modules = new Map<boolean, WasmModule>();

/** Entries of (from, to, how many), one a conversion. */
function moduleOf(shared: boolean): WasmModule {
  return remember(modules, shared, () => {
    const module = new ModuleBuilder({ initial: 1, maximum: COMMON_PAGES, shared });
    for (const half of ["f16", "bf16"] as const) {
      const [widen, narrow] = [WIDEN[half], NARROW[half]];
      addEntry(module, `${half} to f32`, { from: 2, to: 4 }, (b, from, to) => {
        const eight = b.let(v128.load(from));
        b.emit(v128.store(to, widen(b, i16x8.lowU(eight))));
        b.emit(v128.store(to, widen(b, i16x8.highU(eight)), 16));
      });
      addEntry(module, `f32 to ${half}`, { from: 4, to: 2 }, (b, from, to) => {
        const [low, high] = [narrow(b, v128.load(from)), narrow(b, v128.load(from, 16))];
        b.emit(v128.store(to, i16x8.ofU(low, high)));
      });
    }
    return { name: "halves", bytes: module.encoded() };
  });
}

function addEntry(
  module: ModuleBuilder,
  name: Entry,
  bytes: { readonly from: number; readonly to: number },
  step: (b: FunctionBuilder, from: I32, to: I32) => void,
): void {
  module.function(
    ["i32", "i32", "i32"],
    [],
    (b) => {
      const [from, to] = [b.variable("i32", b.parameter("i32", 0)), b.variable("i32", b.parameter("i32", 1))];
      b.for(i32.const(0), b.parameter("i32", 2), STEP, () => {
        step(b, from.value, to.value);
        from.set(i32.add(from.value, i32.const(STEP * bytes.from)));
        to.set(i32.add(to.value, i32.const(STEP * bytes.to)));
      });
    },
    name,
  );
}

const word = i32x4.const;

type Conversion = (b: FunctionBuilder, words: V128) => V128;

/** Four halves, a word each, to f32 (as in shaders/lib/halves.wgsl). */
const WIDEN: Readonly<Record<Half, Conversion>> = {
  f16(b, words) {
    const half = b.let(words);
    const size = b.let(i32x4.shl(v128.and(half, word(0x7fff)), 13));
    const sign = i32x4.shl(v128.and(half, word(0x8000)), 16);
    const tiny = f32x4.sub(i32x4.add(size, word(0x38800000)), f32x4.const(2 ** -14));
    const special = i32x4.gtS(size, word(0x0f7fffff));
    const normal = i32x4.add(size, v128.select(special, word(0x70000000), word(0x38000000)));
    return v128.or(sign, v128.select(i32x4.ltS(size, word(0x00800000)), tiny, normal));
  },
  bf16: (_, words) => i32x4.shl(words, 16),
};

/** Four f32 to the nearest halves, a word each. */
const NARROW: Readonly<Record<Half, Conversion>> = {
  f16(b, floats) {
    const bits = b.let(floats);
    const size = b.let(v128.and(bits, word(0x7fffffff)));
    const odd = v128.and(i32x4.shrU(size, 13), word(1));
    const normal = i32x4.shrU(i32x4.add(i32x4.add(size, word(0xc8000fff)), odd), 13);
    const tiny = i32x4.sub(f32x4.add(size, f32x4.const(0.5)), word(0x3f000000));
    const special = v128.select(i32x4.gtS(size, word(0x7f800000)), word(0x7e00), word(0x7c00));
    const finite = v128.select(i32x4.ltS(size, word(0x38800000)), tiny, normal);
    const half = v128.select(i32x4.ltS(size, word(0x47800000)), finite, special);
    return b.let(v128.or(half, v128.and(i32x4.shrU(bits, 16), word(0x8000))));
  },
  bf16(b, floats) {
    const bits = b.let(floats);
    const odd = v128.and(i32x4.shrU(bits, 16), word(1));
    const nearest = i32x4.add(i32x4.add(bits, word(0x7fff)), odd);
    const isNan = i32x4.gtS(v128.and(bits, word(0x7fffffff)), word(0x7f800000));
    return b.let(i32x4.shrU(v128.select(isNan, v128.or(bits, word(0x400000)), nearest), 16));
  },
};
