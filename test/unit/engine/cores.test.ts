import { afterEach, describe, expect, test, vi } from "vitest";
import { Cores, cores, OWN_PAGES, type WasmModule } from "../../../src/engine/cpu/cores.ts";
import { Engine, expectation, InputError, normal } from "../../../src/index.ts";
import { ModuleBuilder, store } from "../../../src/wasm/module.ts";
import { i32 } from "../../../src/wasm/scalar.ts";
import { bitsOf } from "../../support/expectation/expectation.ts";

/** "add(at, n)" adds n to the word at an address; "trap" never returns. */
function adder(shared: boolean): WasmModule {
  const module = new ModuleBuilder({ initial: 1, maximum: shared ? 65_535 : OWN_PAGES, shared });
  module.function(
    ["i32", "i32"],
    [],
    (f) => {
      const at = f.parameter("i32", 0);
      f.emit(store.i32(at, i32.add(i32.load(at), f.parameter("i32", 1))));
    },
    "add",
  );
  module.function(["i32"], [], (f) => f.emit([0x00]), "trap");
  return { name: "adder", bytes: module.encoded() };
}

const parcel = (value: number, add: number) => ({
  args: [64, add],
  room: 128,
  input: new Uint8Array(Int32Array.of(value).buffer),
  at: 64,
  from: 64,
  bytes: 4,
});

const wordOf = (bytes: Uint8Array) => new Int32Array(bytes.buffer)[0];

describe("cores", () => {
  test("call entries over memories of the workers' own, many at a time", async () => {
    const own = new Cores();
    expect(await own.start(2)).toBeUndefined();
    const module = adder(false);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, k) => own.runApart(module, "add", parcel(1_000, k), 2)),
    );
    expect(answers.map(wordOf)).toEqual(Array.from({ length: 50 }, (_, k) => 1_000 + k));
    expect(wordOf(own.runApartHere(module, "add", parcel(5, 6)))).toBe(11);
    own.hold();
    own.release();
  });

  test("share tasks over one memory, each of which is done once", async () => {
    const own = new Cores(true);
    const module = adder(true);
    await own.start(2);
    const tasks = Array.from({ length: 500 }, (_, k) => [1_024 + 4 * k, k]);
    await own.run(module, "add", tasks, 2);
    own.runHere(module, "add", [[1_024, 7]]);
    const words = new Int32Array(own.memory.buffer, 1_024, 500);
    expect([...words]).toEqual(Array.from({ length: 500 }, (_, k) => (k === 0 ? 7 : k)));
    own.hold();
    own.release();
  });

  test("tell of an entry that fails, and go on", async () => {
    const own = new Cores();
    const module = adder(false);
    await own.start(1);
    const failed = own.runApart(module, "trap", parcel(0, 0), 1);
    await expect(failed).rejects.toMatchObject({ name: "KernelError", message: /worker: RuntimeError: unreachable/ });
    expect(wordOf(await own.runApart(module, "add", parcel(1, 1), 1))).toBe(2);
    own.hold();
    own.release();
  });

  test("that end reject what is under way, and start again", async () => {
    const own = new Cores();
    const module = adder(false);
    own.hold();
    await own.start(1);
    const pending = Array.from({ length: 5 }, () => own.runApart(module, "add", parcel(1, 1), 1));
    own.release();
    for (const one of await Promise.allSettled(pending)) {
      expect(one).toMatchObject({ status: "rejected", reason: { message: /ended before its work was done/ } });
    }
    await own.start(1);
    expect(wordOf(await own.runApart(module, "add", parcel(1, 1), 1))).toBe(2);
    own.hold();
    own.release();
  });

  test("keep at most so many instances of modules, and make them anew", async () => {
    const own = new Cores();
    await own.start(1);
    const modules = Array.from({ length: 70 }, () => adder(false));
    for (const module of [...modules, ...modules]) {
      expect(wordOf(await own.runApart(module, "add", parcel(2, 3), 1))).toBe(5);
    }
    own.hold();
    own.release();
  });
});

describe("an engine's threads", () => {
  const question = { of: ["x^2", "exp(x) > 2"], under: normal(0, 1), samples: 400_000, seed: 5 } as const;

  test("are all that the processor has, one, or none, and the bits are the same", async () => {
    const [all, one, none] = await Promise.all([
      Engine.create({ backend: "cpu" }),
      Engine.create({ backend: "cpu", threads: 1 }),
      Engine.create({ backend: "cpu", threads: 0 }),
    ]);
    expect(all.adapter.description).toMatch(
      new RegExp(`^CPU: WebAssembly SIMD, ${cores().threads} threads? on shared memory$`),
    );
    expect(one.adapter.description).toMatch(/^CPU: WebAssembly SIMD, 1 thread on shared memory$/);
    expect(none.adapter.description).toBe("CPU: JavaScript, as threads: 0 asked for");
    const [a, b, c] = await Promise.all([all, one, none].map((engine) => expectation(engine, question)));
    expect(bitsOf(a as never)).toEqual(bitsOf(c as never));
    expect(bitsOf(b as never)).toEqual(bitsOf(c as never));
    for (const engine of [all, one, none]) engine.dispose();
  });

  test.each([-1, 1.5, 257, Number.NaN, "2", null])("cannot be %j", async (threads) => {
    const wrong = Engine.create({ backend: "cpu", threads: threads as number });
    await expect(wrong).rejects.toThrow(InputError);
    await expect(wrong).rejects.toThrow("Engine.create: threads must be a whole number from 0 to 256");
  });
});

describe("where something is forbidden", () => {
  afterEach(() => {
    vi.restoreAllMocks();
    vi.resetModules();
  });

  test("WebAssembly, the engine computes in JavaScript and says so", async () => {
    vi.resetModules();
    vi.spyOn(WebAssembly, "Module").mockImplementation(function forbidden() {
      throw new Error("blocked by CSP");
    });
    const { Engine: Fresh, expectation: estimate, normal: gaussian } = await import("../../../src/index.ts");
    const engine = await Fresh.create({ backend: "cpu" });
    expect(engine.adapter.description).toBe("CPU: JavaScript, since WebAssembly is not to be had (blocked by CSP)");
    expect((await estimate(engine, { of: "1", under: gaussian(0, 1), samples: 100 })).mean).toBe(1);
    engine.dispose();
  });

  test("workers, the page's own thread does it, and the engine says so", async () => {
    vi.resetModules();
    const { Engine: Fresh, expectation: estimate, normal: gaussian } = await import("../../../src/index.ts");
    const process = globalThis.process as { getBuiltinModule(name: string): unknown };
    vi.spyOn(process, "getBuiltinModule").mockImplementation((name) => {
      if (name !== "node:worker_threads") return undefined;
      return {
        Worker: function Forbidden() {
          throw new Error("no workers here");
        },
      };
    });
    const engine = await Fresh.create({ backend: "cpu", threads: 2 });
    const options = { of: "x^2", under: gaussian(0, 1), samples: 400_000, seed: 5 };
    const got = await estimate(engine, options);
    expect(engine.adapter.description).toMatch(/on the page's own thread \(no workers: Error: no workers here\)$/);
    const plain = await Engine.create({ backend: "cpu", threads: 0 });
    expect(got.mean).toBe((await expectation(plain, { ...options, under: normal(0, 1) })).mean);
    for (const one of [engine, plain]) one.dispose();
  });
});
