import { DeviceLostError, InputError, UnsupportedError } from "../core/errors.ts";
import type { SharedValues } from "./cpu/allocation.ts";
import type { Engine } from "./engine.ts";
import { type Dtype, elements, type Operand } from "./plan.ts";
import type { Values } from "./values.ts";

/** Where a tensor's values are: a range of a GPU buffer, or an array that the CPU engine will have filled. */
export interface Storage {
  readonly buffer?: GPUBuffer;
  /** Shared by every holder, so that a tensor passed as `out` can be given new values. */
  readonly cell?: { held: SharedValues };
  /** Gives the tensor's share of the storage back. */
  release(): void;
  /** Takes one more share, and gives the function that gives it back. */
  retain?(): () => void;
}

/** Where a tensor lives: its engine's device, which may go before the engine does. */
export interface Home {
  /** Why its tensors are gone, once they are. */
  readonly lost: string | undefined;
}

/** `Symbol.dispose`, also where the platform has none yet (what `using` then looks for as well). */
export const disposeSymbol: typeof Symbol.dispose = Symbol.dispose ?? (Symbol.for("Symbol.dispose") as never);

/** An array of f32, f16, bf16, u32 or i32 values that lives with its engine; made by the engine, never by hand. */
export class Tensor implements Operand {
  readonly engine: Engine;
  readonly shape: readonly number[];
  readonly dtype: Dtype;
  /** Bytes from the start of `buffer` to the first value. */
  readonly byteOffset: number;
  readonly #home: Home;
  #storage: Storage | undefined;

  /** @internal */
  constructor(engine: Engine, spec: Operand, home: Home, storage: Storage) {
    this.engine = engine;
    this.#home = home;
    this.shape = Object.freeze([...spec.shape]);
    this.dtype = spec.dtype;
    this.byteOffset = spec.byteOffset;
    this.#storage = storage;
  }

  /** How many values there are. */
  get size(): number {
    return elements(this.shape);
  }

  /** @internal */
  get storage(): Storage {
    const name = `tensor [${this.shape.join(", ")}]`;
    if (this.engine.disposed) throw new InputError(`${name}: needed a live engine, got a disposed one`, "disposed");
    if (this.#home.lost) throw new DeviceLostError(`${name}: ${this.#home.lost}`);
    if (!this.#storage) throw new InputError(`${name}: needed a live tensor, got a disposed one`, "disposed");
    return this.#storage;
  }

  get disposed(): boolean {
    return this.#storage === undefined;
  }

  /** The GPU buffer that holds the values, from `byteOffset` on. */
  get buffer(): GPUBuffer {
    const { buffer } = this.storage;
    if (buffer) return buffer;
    throw new UnsupportedError(
      "cpu-engine",
      'tensor.buffer: the CPU engine has none; read it, or use backend "webgpu"',
    );
  }

  /**
   * The values, once the GPU has made them; every fault of the engine so far is thrown here. f16 come as a Float16Array, or where the platform
   * has none as a Uint16Array of their bits, and bf16 always so: `fromHalves` makes numbers of them.
   */
  read(): Promise<Values> {
    return this.engine.read(this);
  }

  /** Gives the memory back; a borrowed buffer is left alone. Does nothing the second time. */
  dispose(): void {
    const storage = this.#storage;
    this.#storage = undefined;
    storage?.release();
  }

  [disposeSymbol](): void {
    this.dispose();
  }
}
