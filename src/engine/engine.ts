import { toHalves } from "../arithmetic/halves.ts";
import { DeviceLostError, InputError, UnsupportedError } from "../core/errors.ts";
import { remember } from "../core/memo.ts";
import { checkChoice, checkNamesOf, shown } from "../core/options.ts";
import type { Adapter, Backend } from "./backend.ts";
import { beginSession, type DeviceSession, nextSession, type Origin } from "./device-session.ts";
import type { Diagnosis } from "./diagnosis.ts";
import { checkBuffer, checkDevice, checkEncoder, checkGpu } from "./foreign.ts";
import type { Numerics } from "./numerics.ts";
import {
  bytesIn,
  checkShape,
  DTYPES,
  type Dtype,
  elements,
  FLOAT_DTYPES,
  inWords,
  isHalf,
  type Limits,
  type Machine,
  type Operand,
  type Plan,
  type PlanOf,
  showShape,
  type TunedLayout,
} from "./plan.ts";
import { disposeSymbol, type Storage, Tensor } from "./tensor.ts";
import { checkTuning, joined, type Tunable, type TuneOptions, type Tuning } from "./tuning.ts";
import { bitsOfFloat16, isFloat16, type StoredValues, shownValues, type Values } from "./values.ts";

export interface EngineOptions {
  /** "webgpu" throws UnsupportedError where "auto" (the default) falls back to "cpu". */
  readonly backend?: "auto" | "webgpu" | "cpu";
  /** A device of the caller's own: adopted, and never destroyed by the engine. */
  readonly device?: GPUDevice;
  /** Replaces `navigator.gpu`, for Dawn under Node and the like. */
  readonly gpu?: GPU;
  readonly powerPreference?: GPUPowerPreference;
  /**
   * Workers of the CPU engine: by default as many as the processor runs at once. With 0 it does without WebAssembly too, and
   * computes in plain JavaScript: the same numbers, far more slowly.
   */
  readonly threads?: number;
  /**
   * What `engine.tune` gave before, on this machine and by this version of the library. One of another is ignored, and `diagnosis` says so.
   */
  readonly tuning?: Tuning;
}

/** What `engine.tensor` makes of its data. */
export interface TensorOptions {
  /**
   * Of a Uint16Array, which has the bits of halves, "f16" or "bf16": it must be said. Of numbers "f32" (the default), "f16" or "bf16", to
   * which they are rounded. Of other arrays their own.
   */
  readonly dtype?: Dtype | undefined;
}

/** A buffer of the caller's own, to be read or written in place. */
export interface ViewOptions {
  readonly shape: readonly number[];
  readonly dtype?: Dtype;
  /** A multiple of the device's minStorageBufferOffsetAlignment (256). */
  readonly byteOffset?: number;
}

/** A library function whose pipelines `prepare` can compile ahead. */
export interface Preparable {
  readonly preparations: (machine: Machine) => readonly Plan[];
}

/** A device with everything the library keeps on it: tensors, pipelines, pooled buffers. */
export class Engine {
  #origin: Origin;
  #session: DeviceSession;
  #reviving: Promise<void> | undefined;
  #disposed = false;
  /** Live tensors of this session. */
  #tensors = 0;
  /** The layout that `tune` is timing. */
  #trial: readonly TunedLayout[] | undefined;
  /** Settled once no `tune` is under way. */
  #tuning: Promise<unknown> = Promise.resolve();

  private constructor(origin: Origin, session: DeviceSession) {
    this.#origin = origin;
    this.#session = session;
  }

  /** An engine on the GPU, else (unless `backend` is "webgpu") on the CPU, with `diagnosis` saying why. */
  static async create(options: EngineOptions = {}): Promise<Engine> {
    checkNamesOf(options, ["backend", "device", "gpu", "powerPreference", "threads", "tuning"], "Engine.create");
    const { backend = "auto", device, gpu, powerPreference, threads, tuning } = options;
    if (backend !== "auto" && backend !== "webgpu" && backend !== "cpu") {
      throw new InputError(`Engine.create: backend must be "auto", "webgpu" or "cpu", got ${shown(backend)}`);
    }
    if (threads !== undefined && !(Number.isInteger(threads) && threads >= 0 && threads <= MOST_THREADS)) {
      throw new InputError(
        `Engine.create: threads must be a whole number from 0 to ${MOST_THREADS}, got ${shown(threads)}`,
      );
    }
    if (device !== undefined) checkDevice(device, "Engine.create");
    if (gpu !== undefined) checkGpu(gpu, "Engine.create");
    if (![undefined, "low-power", "high-performance"].includes(powerPreference)) {
      throw new InputError(
        `Engine.create: powerPreference must be "low-power" or "high-performance", got ${shown(powerPreference)}`,
      );
    }
    const own = tuning === undefined ? undefined : checkTuning(tuning, "Engine.create");
    const origin = { backend, device, gpu, powerPreference, threads, tuning: own };
    return new Engine(origin, await beginSession(origin));
  }

  get backend(): "webgpu" | "cpu" {
    return this.#backend.kind;
  }

  /** Why there is no GPU, or not a real one, or why a tuning is ignored; absent when all is well. */
  get diagnosis(): Diagnosis | undefined {
    return this.#session.diagnosis;
  }

  /** The device, to share with code of the caller's own; undefined on the CPU engine. */
  get device(): GPUDevice | undefined {
    return this.#backend.device;
  }

  get limits(): Limits {
    return this.#backend.limits;
  }

  get adapter(): Adapter {
    return this.#backend.adapter;
  }

  /** What was measured of the machine's arithmetic when the engine, or its present device, was made. */
  get numerics(): Numerics {
    return this.#session.numerics;
  }

  /** @internal */
  get machine(): Machine {
    const { vendor, architecture, description, software, subgroups } = this.adapter;
    const slowShifts = /swiftshader/i.test(`${vendor} ${architecture} ${description}`);
    return {
      limits: this.limits,
      software,
      subgroups: subgroups !== undefined,
      slowShifts,
      numerics: this.numerics,
      tuned: this.#trial ?? this.#session.tuned,
    };
  }

  /** @internal How many fetches may be under way. */
  get maxInFlight(): number {
    return this.#backend.maxInFlight;
  }

  /** @internal */
  get disposed(): boolean {
    return this.#disposed;
  }

  /** @internal Why the device is gone, once it is and until `revive` finds another. */
  get lost(): string | undefined {
    return this.#backend.lost;
  }

  get #backend(): Backend {
    return this.#session.backend;
  }

  /**
   * Goes on after the device was lost: with a new device, or on the CPU where `backend` is "auto" and no other can be had
   * within three tries (6 s), and `diagnosis` says so. Tensors of the lost device stay lost. Rejects with DeviceLostError
   * where the device was the caller's own, with UnsupportedError where WebGPU was asked for and none can be had. Does
   * nothing while the device lives.
   */
  revive(): Promise<void> {
    this.#reviving ??= this.#revive().finally(() => {
      this.#reviving = undefined;
    });
    return this.#reviving;
  }

  async #revive(): Promise<void> {
    this.#checkAlive("revive");
    const { lost } = this;
    if (!lost) return;
    if (this.#origin.device) {
      throw new DeviceLostError(`revive: ${lost}; it was the caller's own, so create an engine with another`);
    }
    const session = await nextSession(this.#origin, lost, () => !this.#disposed);
    if (this.#disposed) session?.backend.dispose();
    this.#checkAlive("revive");
    if (!session) return;
    this.#backend.dispose();
    this.#session = session;
    this.#tensors = 0;
  }

  /**
   * A tensor with a copy of `data`: Float32Array → f32, Int32Array → i32, Uint32Array → u32, Float16Array → f16; a Uint16Array has the bits of
   * f16 or bf16, as `dtype` says. Numbers and a Float64Array are rounded to f32, and these as a Float32Array's to a `dtype` of "f16" or "bf16":
   * to the nearest, of two to the even one, beyond the largest to Infinity.
   */
  tensor(
    data: Values | Float64Array | readonly number[],
    shape: readonly number[],
    options: TensorOptions = {},
  ): Tensor {
    this.#checkAlive("tensor");
    checkShape(shape, "tensor");
    checkNamesOf(options, ["dtype"], "tensor");
    const { values, dtype } = storedOf(data, options.dtype);
    if (values.length !== elements(shape)) {
      throw new InputError(
        `tensor: shape [${shape.join(", ")}] needs ${elements(shape)} values, got an array of ${values.length}`,
      );
    }
    const spec = { shape, dtype, byteOffset: 0 };
    return this.#track(this.#made(spec, this.#backend.upload(values, spec)));
  }

  /** The caller's own GPU buffer as a tensor, without a copy; it must have usage STORAGE (and COPY_SRC to be read). */
  view(buffer: GPUBuffer, options: ViewOptions): Tensor {
    this.#checkAlive("view");
    checkNamesOf(options, ["shape", "dtype", "byteOffset"], "view");
    const { shape, dtype = "f32", byteOffset = 0 } = options;
    checkShape(shape, "view");
    if (!this.device) throw new UnsupportedError("cpu-engine", "view: the CPU engine has no GPU buffers; use tensor");
    checkBuffer(buffer, "view");
    checkChoice(dtype, DTYPES, "view", "dtype");
    const step = this.limits.minStorageBufferOffsetAlignment;
    if (!Number.isSafeInteger(byteOffset) || byteOffset < 0 || byteOffset % step !== 0) {
      throw new InputError(`view: byteOffset must be a multiple of ${step}, got ${shown(byteOffset)}`);
    }
    const bytes = bytesIn({ shape, dtype });
    const needed = byteOffset + inWords(bytes);
    if (needed > buffer.size) {
      const words = inWords(bytes) === bytes ? "" : " (whole words of 4: make the buffer 2 larger than the values)";
      throw new InputError(
        `view: ${showShape({ shape, dtype })} from byte ${byteOffset} needs ${needed} bytes${words}, got a buffer of ${buffer.size}`,
      );
    }
    if ((buffer.usage & STORAGE_USAGE) === 0) {
      throw new InputError("view: the buffer must have been created with GPUBufferUsage.STORAGE");
    }
    return this.#made({ shape, dtype, byteOffset }, { buffer, release: () => {} });
  }

  /** Compiles the pipelines of these functions ahead of their first use, without blocking the page. */
  async prepare(functions: readonly Preparable[]): Promise<void> {
    this.#checkAlive("prepare");
    if (!Array.isArray(functions) || functions.some((one) => typeof one?.preparations !== "function")) {
      throw new InputError(
        `prepare: functions must be a list of the library's own, such as [softmax], got ${shown(functions)}`,
      );
    }
    await this.#backend.prepare(functions.flatMap((one) => one.preparations(this.machine)));
  }

  /**
   * Finds the layouts of kernels that are quickest on this very device, for these functions at these shapes, and uses them from now on: for
   * batches of as many classes, and of up to twice or down to half as many rows. The rule by which layouts are chosen otherwise stays where
   * nothing is 3 % quicker.
   *
   * @returns plain data: keep it as JSON, and give it to `Engine.create({ tuning })`
   * @throws InputError for what is no function with layouts to choose from, or no shape; UnsupportedError on the CPU engine; the signal's reason
   *
   * Takes seconds a function and shape, half a minute on a software adapter: some dozen layouts are compiled, and the quick ones run many times. Functions
   * that call these, such as a robot's losses, profit too. What a function gives is the same in all layouts but for the last bits.
   */
  async tune(functions: readonly Tunable[], options: TuneOptions): Promise<Tuning> {
    this.#checkAlive("tune");
    const { checkTune, tuneOn } = await import("./tuner.ts");
    const checked = checkTune(this, functions, options);
    // One after another: two that time at once would disturb each other.
    const found = this.#tuning.then(async () => {
      this.#checkAlive("tune");
      const backend = this.#backend;
      const found = await tuneOn(this, checked, (layouts) => {
        this.#trial = layouts;
      });
      const tuning = joined(this.#session.tuned, found);
      this.#origin = { ...this.#origin, tuning };
      if (backend === this.#backend) this.#session = { ...this.#session, tuned: tuning.layouts };
      return structuredClone(tuning);
    });
    this.#tuning = found.catch(() => {});
    return found;
  }

  /** Live tensors, the bytes of their buffers, and the bytes of freed buffers kept for reuse. */
  memory(): { readonly tensors: number; readonly bytes: number; readonly pooled: number } {
    return { tensors: this.#tensors, ...this.#backend.memory() };
  }

  /** Frees every buffer; the device too, unless it was adopted. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#tensors = 0;
    this.#backend.dispose();
  }

  [disposeSymbol](): void {
    this.dispose();
  }

  /** @internal Does a plan's work and gives its outputs as tensors. */
  run<O extends string>(
    plan: PlanOf<O>,
    inputs: Readonly<Record<string, Tensor>>,
    { outs = {}, encoder }: { outs?: Readonly<Record<string, Tensor>>; encoder?: GPUCommandEncoder | undefined } = {},
  ): Record<O, Tensor> {
    this.#checkAlive(plan.name);
    const recording = encoder !== undefined;
    if (recording && !this.device) {
      throw new UnsupportedError(
        "cpu-engine",
        `${plan.name}.encode: the CPU engine records nothing; call ${plan.name}`,
      );
    }
    if (recording) checkEncoder(encoder, `${plan.name}.encode`);
    checkLive(inputs);
    checkLive(outs);
    const storage = this.#backend.run(plan, { inputs, outs }, encoder);
    const results: Record<string, Tensor> = {};
    for (const [name, output] of Object.entries(plan.outputs)) {
      const out = outs[name];
      const made = storage[name];
      if (out && !encoder) results[name] = out;
      else if (made) {
        const spec = {
          shape: output.shape,
          dtype: output.dtype,
          byteOffset: output.byteOffset ?? out?.byteOffset ?? 0,
        };
        results[name] = this.#track(this.#made(spec, made));
      }
    }
    if (encoder) remember(recorded, encoder, (): Tensor[] => []).push(...Object.values(results));
    return results as Record<O, Tensor>;
  }

  /**
   * @internal Does a plan's work and gives its outputs as arrays, in one submit and one round trip; no tensors are
   * made. Submitted when it returns, so several may be under way, each with its own data. Rejects as `read` does,
   * with the first fault of the work so far.
   */
  async fetch<O extends string>(
    plan: PlanOf<O>,
    inputs: Readonly<Record<string, Tensor>> = {},
  ): Promise<Record<O, StoredValues>> {
    this.#checkAlive(plan.name);
    checkLive(inputs);
    return (await this.#backend.fetch(plan, inputs)) as Record<O, StoredValues>;
  }

  /** @internal */
  async read(tensor: Tensor): Promise<Values> {
    return shownValues(await this.#backend.read(tensor.storage, tensor), tensor.dtype);
  }

  #checkAlive(where: string): void {
    if (this.#disposed) throw new InputError(`${where}: needed a live engine, got a disposed one`, "disposed");
  }

  #made(spec: Operand, storage: Storage): Tensor {
    const home = this.#backend;
    this.#tensors += 1;
    let held = true;
    const release = () => {
      // What lived on a lost device went with it.
      if (!held || this.#disposed || home !== this.#backend) return;
      held = false;
      this.#tensors -= 1;
      storage.release();
    };
    return new Tensor(this, spec, home, { ...storage, release });
  }

  /** A tensor that is dropped without `dispose` gives its memory back when it is collected: late, but not never. */
  #track(tensor: Tensor): Tensor {
    forgotten.register(tensor, tensor.storage);
    return tensor;
  }
}

const STORAGE_USAGE = 0x80;

const MOST_THREADS = 256;

/** Results of recorded calls live as long as the encoder: collected any sooner, they would break its submit. */
const recorded = new WeakMap<GPUCommandEncoder, Tensor[]>();

const forgotten = new FinalizationRegistry<{ release(): void }>((storage) => storage.release());

/** A disposed tensor, or one of a lost device, is refused before any work; `storage` says which it is. */
function checkLive(tensors: Readonly<Record<string, Tensor>>): void {
  for (const tensor of Object.values(tensors)) void tensor.storage;
}

/** What a tensor of this data holds; `asked` is the dtype that the caller named. */
function storedOf(
  data: Values | Float64Array | readonly number[],
  asked: Dtype | undefined,
): { readonly values: StoredValues; readonly dtype: Dtype } {
  if (asked !== undefined) checkChoice(asked, DTYPES, "tensor", "dtype");
  if (data instanceof Uint32Array) return { values: data, dtype: agreed(asked, ["u32"], "a Uint32Array") };
  if (data instanceof Int32Array) return { values: data, dtype: agreed(asked, ["i32"], "an Int32Array") };
  if (isFloat16(data)) return { values: bitsOfFloat16(data), dtype: agreed(asked, ["f16"], "a Float16Array") };
  if (data instanceof Uint16Array) {
    if (asked !== undefined) return { values: data, dtype: agreed(asked, ["f16", "bf16"], "a Uint16Array") };
    throw new InputError(
      'tensor: a Uint16Array has the bits of "f16" or of "bf16": needed { dtype } that says which, got none',
    );
  }
  const values = floatsOf(data);
  const dtype = agreed(asked, FLOAT_DTYPES, "numbers");
  return { values: isHalf(dtype) ? toHalves(values, dtype) : values, dtype };
}

/** The dtype that was asked for, which data of this kind can have, or by default the first of those. */
function agreed(asked: Dtype | undefined, possible: readonly Dtype[], kind: string): Dtype {
  const [own = "f32"] = possible;
  if (asked === undefined || possible.includes(asked)) return asked ?? own;
  const needed = possible.map((one) => `"${one}"`).join(" or ");
  throw new InputError(`tensor: dtype of ${kind} must be ${needed}, got "${asked}"`);
}

/** Numbers as f32; what is no number would silently become one, or NaN. */
function floatsOf(data: unknown): Float32Array {
  if (data instanceof Float32Array) return data;
  if (data instanceof Float64Array) return Float32Array.from(data);
  if (!Array.isArray(data)) {
    throw new InputError(
      `tensor: data must be a Float32Array, Float64Array, Float16Array, Uint16Array, Uint32Array, Int32Array or list of numbers, got ${Object.prototype.toString.call(data)}`,
    );
  }
  const bad = data.findIndex((value) => typeof value !== "number");
  if (bad < 0) return Float32Array.from(data as readonly number[]);
  const value: unknown = data[bad];
  const nested = Array.isArray(value) || ArrayBuffer.isView(value);
  const got = nested ? "an array; give rows one after another, as data.flat() does" : `${shown(value)}`;
  throw new InputError(`tensor: data must hold numbers, got at ${bad} ${got}`);
}

/** Refuses what is no engine, such as one that was not awaited. */
export function checkEngine(engine: Engine, where: string): void {
  if (typeof (engine as Partial<Engine> | undefined)?.fetch === "function") return;
  const promise = (engine as unknown) instanceof Promise;
  throw new InputError(
    `${where}: needed an engine, got ${promise ? "a promise; await Engine.create()" : shown(engine)}`,
  );
}
