import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { cores } from "../../../src/engine/cpu/cores.ts";
import { Heap, spareIn } from "../../../src/engine/cpu/heap.ts";
import { Engine, logSumExp, softmax } from "../../../src/index.ts";

const PAGE = 65_536;

function heapOf(maximum: number): Heap {
  return new Heap(new WebAssembly.Memory({ initial: 1, maximum }));
}

/** An allocation that must succeed. */
function take(heap: Heap, bytes: number): number {
  const address = heap.allocate(bytes);
  if (address === undefined) throw new Error(`no ${bytes} bytes`);
  return address;
}

describe("a heap", () => {
  test("gives aligned ranges that do not overlap, away from the memory's ends", () => {
    const heap = heapOf(4);
    const ranges = [1, 4, 15, 16, 17, 1_000, 40_000, 20_000].map((bytes) => ({ start: take(heap, bytes), bytes }));
    ranges.sort((a, b) => a.start - b.start);
    let end = 64;
    for (const { start, bytes } of ranges) {
      expect(start % 16).toBe(0);
      expect(start).toBeGreaterThanOrEqual(end);
      end = start + bytes;
    }
    expect(end).toBeLessThanOrEqual(heap.memory.buffer.byteLength - 64);
  });

  test("gives what was freed again", () => {
    const heap = heapOf(4);
    const [a] = [take(heap, 5_000), take(heap, 100)];
    const { spare } = heap;
    heap.free(a, 5_000);
    expect(heap.spare).toBe(spare + 5_008);
    expect(take(heap, 5_000)).toBe(a);
    expect(heap.spare).toBe(spare);
  });

  test("joins neighbours, in whichever order they are freed", () => {
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [0, 2, 1],
      [1, 0, 2],
    ]) {
      const heap = heapOf(1);
      const { spare } = heap;
      const three = [0, 1, 2].map(() => take(heap, 16_000));
      for (const k of order) heap.free(three[k] ?? 0, 16_000);
      expect(heap.spare).toBe(spare);
      expect(take(heap, spare)).toBe(three[0]);
    }
  });

  test("takes the smallest gap that is large enough", () => {
    const heap = heapOf(1);
    const large = take(heap, 4_000);
    take(heap, 16);
    const small = take(heap, 1_000);
    take(heap, 16);
    heap.free(large, 4_000);
    heap.free(small, 1_000);
    expect(take(heap, 900)).toBe(small);
    expect(take(heap, 3_000)).toBe(large);
  });

  test("grows, and says when it cannot", () => {
    const heap = heapOf(10);
    const before = take(heap, 1_000);
    const large = take(heap, 6 * PAGE);
    expect(large).toBeGreaterThan(before);
    expect(heap.memory.buffer.byteLength).toBeGreaterThan(6 * PAGE);
    expect(heap.allocate(6 * PAGE)).toBeUndefined();
    heap.free(large, 6 * PAGE);
    expect(take(heap, 6 * PAGE)).toBe(large);
  });

  test("is as it was after thousands of allocations of every size", () => {
    const heap = heapOf(200);
    const held: { address: number; bytes: number }[] = [];
    let used = 0;
    for (let k = 0; k < 4_000; k++) {
      const bytes = 1 + ((k * 7_919) % 9_000);
      if (k % 3 < 2) {
        const address = take(heap, bytes);
        held.push({ address, bytes });
        used += Math.ceil(bytes / 16) * 16;
      } else {
        const [one] = held.splice((k * 31) % held.length, 1);
        if (one) heap.free(one.address, one.bytes);
        used -= Math.ceil((one?.bytes ?? 0) / 16) * 16;
      }
    }
    expect(heap.spare).toBe(heap.memory.buffer.byteLength - 256 - used);
    for (const { address, bytes } of held) heap.free(address, bytes);
    expect(take(heap, heap.memory.buffer.byteLength - 256)).toBe(128);
  });
});

describe("tensors in the heap", () => {
  let engine: Engine;
  const data = Float32Array.from({ length: 64 * 200 }, (_, k) => Math.sin(k));

  beforeEach(async () => {
    engine = await Engine.create({ backend: "cpu" });
  });

  afterEach(() => engine.dispose());

  test("do not grow it over many calls", async () => {
    const x = engine.tensor(data, [64, 200]);
    const once = async () => {
      const p = softmax(x);
      const z = logSumExp(p);
      p.dispose();
      await z.read();
      z.dispose();
    };
    await once();
    const [bytes, { pooled }] = [cores().memory.buffer.byteLength, engine.memory()];
    for (let k = 0; k < 50; k++) await once();
    expect(cores().memory.buffer.byteLength).toBe(bytes);
    expect(engine.memory()).toEqual({ tensors: 1, bytes: 4 * data.length, pooled });
  });

  test("outlive their disposal for the calls that were made before it", async () => {
    const want = await softmax(engine.tensor(data, [64, 200])).read();
    const x = engine.tensor(data, [64, 200]);
    const y = softmax(x);
    x.dispose();
    // Whatever is made now must not lie where x still is.
    const others = [1, 2, 3].map(() => engine.tensor(new Float32Array(data.length).fill(9), [64, 200]));
    expect(await y.read()).toEqual(want);
    const pending = y.read();
    y.dispose();
    others.push(engine.tensor(new Float32Array(data.length).fill(7), [64, 200]));
    expect(await pending).toEqual(want);
  });

  test("are replaced, not overwritten, by a call with `out`", async () => {
    const x = engine.tensor(data, [64, 200]);
    const out = engine.tensor(data, [64, 200]);
    const before = out.read();
    const [first, second] = [softmax(x, { out }).read(), softmax(out, { out }).read()];
    expect(await before).toEqual(data);
    expect((await first)[0]).not.toBe((await second)[0]);
    expect(await x.read()).toEqual(data);
  });

  test("are read into memory of the reader's own", async () => {
    const x = engine.tensor(data, [64, 200]);
    const got = await x.read();
    expect(got.buffer).toBeInstanceOf(ArrayBuffer);
    got.fill(0);
    expect(await x.read()).toEqual(data);
  });

  test("are freed with their engine", async () => {
    const spare = spareIn(cores().memory);
    const other = await Engine.create({ backend: "cpu" });
    const y = softmax(other.tensor(data, [64, 200]));
    await y.read();
    const pending = softmax(y).read();
    other.dispose();
    await expect(pending).rejects.toMatchObject({ code: "disposed" });
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(spareIn(cores().memory)).toBe(spare);
    expect(other.memory()).toEqual({ tensors: 0, bytes: 0, pooled: 0 });
  });

  test("that are too large for it go by arrays and the f64 references", async () => {
    const { memory } = cores();
    const grow = memory.grow.bind(memory);
    const rows = Math.ceil(memory.buffer.byteLength / 800) + 64;
    memory.grow = () => {
      throw new RangeError("no more");
    };
    try {
      const x = engine.tensor(new Float32Array(200 * rows).fill(3), [rows, 200]);
      const y = await logSumExp(x).read();
      expect(y[rows - 1]).toBe(Math.fround(3 + Math.log(200)));
    } finally {
      memory.grow = grow;
    }
  });
});
