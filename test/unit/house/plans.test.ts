import { describe, expect, test } from "vitest";
import { UnsupportedError } from "../../../src/core/errors.ts";
import { floats } from "../../../src/engine/operand.ts";
import { defineKernel, grid, type Machine, type Plan, pass, type Range, specialise } from "../../../src/engine/plan.ts";
import { packParams, paramsBytes } from "../../../src/engine/webgpu/params.ts";
import { chooseLayout, fitsRegisters, inRegistersLayout } from "../../../src/rows/layout.ts";
import { packMask } from "../../../src/rows/mask.ts";
import { planSoftmax } from "../../../src/rows/softmax.ts";
import { planTopK } from "../../../src/rows/top-k.ts";
import { scaleKernel } from "../../support/engine/plans.ts";
import { everyPlan, machineOf, machines } from "../../support/house/every-plan.ts";
import { numbers } from "../../support/numbers.ts";
import { checkedRows } from "../../support/rows/checked.ts";

const { limits } = machineOf(false);

const STATE_BYTES = 32;

describe("grid", () => {
  test("is one row of workgroups up to the limit, and folds one past it", () => {
    expect(grid(1, limits, "f")).toEqual([1, 1]);
    expect(grid(65_535, limits, "f")).toEqual([65_535, 1]);
    expect(grid(65_536, limits, "f")).toEqual([32_768, 2]);
    expect(grid(65_535 * 65_535, limits, "f")).toEqual([65_535, 65_535]);
  });

  test("has at least the workgroups asked for, and less than a row too many, at any limit", () => {
    const next = numbers(1);
    for (let k = 0; k < 2_000; k++) {
      const most = 1 + next(40);
      const count = next(most * most + 1);
      const [x, y] = grid(count, { ...limits, maxComputeWorkgroupsPerDimension: most }, "f");
      expect(x * y).toBeGreaterThanOrEqual(count);
      expect(x * y - count).toBeLessThan(Math.max(y, 1) + (count === 0 ? 1 : 0));
      expect(Math.max(x, y)).toBeLessThanOrEqual(most);
    }
  });

  test("refuses what two dimensions cannot hold, and says so", () => {
    const tiny = { ...limits, maxComputeWorkgroupsPerDimension: 4 };
    expect(grid(16, tiny, "softmax")).toEqual([4, 4]);
    expect(() => grid(17, tiny, "softmax")).toThrow(UnsupportedError);
    expect(() => grid(17, tiny, "softmax")).toThrow("softmax: 17 workgroups exceed this device's 4 x 4");
  });
});

describe("layouts", () => {
  const shapes: (readonly [number, number])[] = [
    [0, 7],
    [1, 1],
    [1, 1_000_000],
    [1, 2 ** 28],
    [1_000_000, 7],
    [448, 32_064],
    [4_096, 1_024],
  ];
  const next = numbers(2);
  for (let k = 0; k < 1_000; k++) shapes.push([next(2 ** next(20)), 1 + next(2 ** next(24))]);

  test.each(machines)("cover every column once, on whole chunks (software: $software)", (machine) => {
    for (const [rows, columns] of shapes) {
      const { width, lanes, segments, span } = chooseLayout(rows, columns, STATE_BYTES, machine);
      expect(segments * span).toBeGreaterThanOrEqual(columns);
      expect((segments - 1) * span).toBeLessThan(columns);
      expect(width % lanes).toBe(0);
      expect(Math.log2(lanes) % 1).toBe(0);
      if (segments > 1) expect(span % (32 * lanes)).toBe(0);
    }
  });

  test.each(machines)("give no lane more than 65,536 values and a chunk (software: $software)", (machine) => {
    for (const [rows, columns] of shapes) {
      const { lanes, span } = chooseLayout(rows, columns, STATE_BYTES, machine);
      expect(span / lanes).toBeLessThanOrEqual(65_536 + 32);
    }
  });

  test.each(machines)(
    "give a kernel the lanes that it needs, and each no more values (software: $software)",
    (machine) => {
      for (const [rows, columns] of shapes) {
        const needs = { leastLanes: 2 ** next(8), mostPerLane: 1_024 };
        const { width, lanes, segments, span } = chooseLayout(rows, columns, STATE_BYTES, machine, needs);
        expect(lanes).toBeGreaterThanOrEqual(needs.leastLanes);
        expect(width % lanes).toBe(0);
        expect(segments * span).toBeGreaterThanOrEqual(columns);
        expect(span / lanes).toBeLessThanOrEqual(1_024 + 32);
      }
    },
  );

  test("keep the states of a workgroup's lanes within its memory, and lanes within the workgroup", () => {
    for (const bytes of [32, 64, 68, 76, 128, 1_024]) {
      const { width, lanes } = chooseLayout(64, 32_064, bytes, machineOf(false));
      expect(width * bytes).toBeLessThanOrEqual(limits.maxComputeWorkgroupStorageSize);
      expect(2 * width * bytes > limits.maxComputeWorkgroupStorageSize || width === 256).toBe(true);
      expect(lanes).toBeLessThanOrEqual(width);
    }
  });

  test.each(machines)(
    "share out rows of few classes, each trip of whole vec4s or a row (software: $software)",
    (machine) => {
      for (let columns = 1; columns <= 128; columns++) {
        for (const rows of [1, 3, 4, 4_097, 1_000_000]) {
          for (const writesRows of [true, false]) {
            const layout = inRegistersLayout(rows, columns, { whole: true, writesRows }, machine);
            const { group, vec4s, run, threads } = layout;
            const trips = Math.floor(rows / group);
            expect(run * threads).toBeGreaterThanOrEqual(trips);
            expect(run * Math.max(0, threads - 1)).toBeLessThan(Math.max(1, trips));
            if (vec4s) expect((group * columns) % 4).toBe(0);
            else expect(group).toBe(1);
            // Some drivers stop an invocation silently after 65,535 loop trips.
            expect(run * group * columns).toBeLessThan(65_535);
            const apart = inRegistersLayout(rows, columns, { whole: false, writesRows }, machine);
            expect([apart.group, apart.vec4s]).toEqual([1, false]);
          }
        }
      }
    },
  );

  test.each(machines)("hold rows only where the batch is worth it (software: $software)", (machine) => {
    expect(fitsRegisters(1_000_000, 7, true, machine)).toBe(true);
    expect(fitsRegisters(64, 7, true, machine)).toBe(false);
    expect(fitsRegisters(448, 32_064, true, machine)).toBe(false);
    expect(fitsRegisters(65_536, 64, true, machine)).toBe(machine.software);
    expect(fitsRegisters(65_536, 100, false, machine)).toBe(false);
  });

  test("split one long row and leave many short ones whole", () => {
    expect(chooseLayout(1, 1_000_000, STATE_BYTES, machineOf(false)).segments).toBeGreaterThan(100);
    expect(chooseLayout(1, 1_000_000, STATE_BYTES, machineOf(true)).segments).toBeGreaterThan(8);
    for (const machine of machines) expect(chooseLayout(1_000_000, 7, STATE_BYTES, machine).segments).toBe(1);
  });
});

describe("chunks of rows", () => {
  interface Piece {
    readonly range: Range;
    readonly params: Readonly<Record<string, number>>;
  }

  function pieces(plan: Plan, name: string): Piece[] {
    return plan.passes.map((one) => ({ range: one.bind[name] as Range, params: one.params }));
  }

  /** Where the plan of one dispatch a chunk reads or writes row `row`, in elements of the whole buffer. */
  function at({ range, params }: Piece, row: number, stride: number, base: number): number {
    return range.offset / 4 + base + (row - (params.first ?? 0)) * stride;
  }

  const next = numbers(3);
  // Few rows of many classes, and many of few.
  const cases = Array.from({ length: 400 }, (_, k) => {
    const many = k >= 300;
    const classes = 1 + next(many ? 12 : 300);
    const begin = next(classes);
    const end = begin + 1 + next(classes - begin);
    return { rows: next(many ? 2_000 : 200), classes, begin, end, most: 4_096 + next(64) * 256, offset: 256 * next(3) };
  });

  test("cover every row once, at its place, in ranges that a binding allows", () => {
    for (const { rows, classes, begin, end, most, offset } of cases) {
      const machine = machineOf(next(2) === 0, { maxStorageBufferBindingSize: most });
      const x = { ...floats([rows, classes]), byteOffset: offset };
      const plan = planSoftmax("softmax", checkedRows(x, { classes: [begin, end] }), machine);
      let row = 0;
      pieces(plan, "x").forEach((piece, k) => {
        const y = pieces(plan, "y")[k] as Piece;
        const { first = 0, rows: count = 0, base = 0, start = 0, stride = 0, columns = 0 } = piece.params;
        expect(first).toBe(row);
        expect(count).toBeGreaterThan(0);
        for (const { range } of [piece, y]) {
          expect(range.offset % 256).toBe(0);
          expect(range.size).toBeLessThanOrEqual(most);
        }
        expect(at(piece, row, stride, base)).toBe(offset / 4 + row * classes + begin);
        expect(at(y, row, columns, start)).toBe(row * (end - begin));
        const last = row + count - 1;
        expect(at(piece, last, stride, base) + columns).toBeLessThanOrEqual(
          (piece.range.offset + piece.range.size) / 4,
        );
        expect(at(y, last, columns, start) + columns).toBeLessThanOrEqual((y.range.offset + y.range.size) / 4);
        expect(piece.range.offset + piece.range.size).toBeLessThanOrEqual(offset + rows * classes * 4);
        row += count;
      });
      expect(row).toBe(rows);
    }
  });

  test("bind nothing whole that exceeds a binding", () => {
    for (const software of [false, true]) {
      const machine = machineOf(software, { maxStorageBufferBindingSize: 8_192 });
      for (const plan of Object.values(everyPlan([23, 300], {}, machine))) {
        for (const { bind } of plan.passes) expect(Object.values(bind)).not.toContain("x");
      }
    }
  });

  test("bind no result of topK that exceeds a binding", () => {
    for (const machine of [machineOf(false, { maxStorageBufferBindingSize: 8_192 }), machineOf(true)]) {
      const most = machine.limits.maxStorageBufferBindingSize;
      const rows = Math.ceil(most / 256) + 100;
      const plan = planTopK({ ...checkedRows(floats([rows, 7]), {}, "topK"), k: 64 }, machine);
      const pieces = plan.passes.map(({ bind }) => [bind.y, bind.ids]);
      expect(pieces.length).toBeGreaterThan(1);
      for (const piece of pieces.flat()) {
        expect(piece).toHaveProperty("size");
        expect((piece as { size: number }).size).toBeLessThanOrEqual(most);
      }
    }
  });

  test("are one where everything fits, and two one row past it", () => {
    const machine = machineOf(true, { maxStorageBufferBindingSize: 256 + 10 * 400 });
    expect(planSoftmax("softmax", checkedRows(floats([10, 100]), {}, "softmax"), machine).passes).toHaveLength(1);
    expect(planSoftmax("softmax", checkedRows(floats([11, 100]), {}, "softmax"), machine).passes).toHaveLength(2);
  });

  test("fold groups past the limit of a dimension", () => {
    const machine = machineOf(true, { maxComputeWorkgroupsPerDimension: 2 });
    expect(planSoftmax("softmax", checkedRows(floats([64, 3]), {}, "softmax"), machine).passes[0]?.grid).toEqual([
      2, 2,
    ]);
    expect(() => planSoftmax("softmax", checkedRows(floats([65, 3]), {}, "softmax"), machine)).toThrow(
      "softmax: 5 workgroups exceed this device's 2 x 2",
    );
  });

  test("refuse a row that no binding holds, in words", () => {
    const machine = machineOf(true, { maxStorageBufferBindingSize: 4_096 });
    expect(planSoftmax("softmax", checkedRows(floats([1, 960]), {}, "softmax"), machine).passes).toHaveLength(1);
    expect(() => planSoftmax("softmax", checkedRows(floats([1, 2_000]), {}, "softmax"), machine)).toThrow(
      UnsupportedError,
    );
    expect(() => planSoftmax("softmax", checkedRows(floats([1, 2_000]), {}, "softmax"), machine)).toThrow(
      "softmax: a row of 2000 classes exceeds this device's largest binding of 4096 bytes",
    );
  });

  test("without rows are none", () => {
    for (const machine of machines) {
      expect(planSoftmax("softmax", checkedRows(floats([0, 5]), {}, "softmax"), machine).passes).toEqual([]);
    }
  });
});

/** Plans without the functions that load their CPU work. */
function plainly(plans: ReturnType<typeof everyPlan>) {
  return Object.entries(plans).map(([name, plan]) => [name, { ...plan, cpu: plan.cpu.options }]);
}

describe("plans", () => {
  test("are the same for the same call, and plain data but for their kernels' identity", () => {
    for (const machine of machines) {
      for (const shape of [[7], [0, 7], [3, 5, 70], [2, 300_000]]) {
        const [a, b] = [everyPlan(shape, { temperature: 2 }, machine), everyPlan(shape, { temperature: 2 }, machine)];
        const data = plainly(a);
        expect(plainly(b)).toEqual(data);
        expect(JSON.parse(JSON.stringify(data))).toEqual(data);
        for (const [name, plan] of Object.entries(a)) {
          plan.passes.forEach((one, k) => void expect(b[name]?.passes[k]?.kernel).toBe(one.kernel));
        }
      }
    }
  });

  test("bind only what they name, and give every param a finite number", () => {
    for (const machine of machines) {
      for (const plan of Object.values(everyPlan([3, 100_000], {}, machine))) {
        const rows = ["x", "other", "targets", "weight", "mask", "maskBits"];
        const inputs = [...rows, "rewards", "values", "dones", "terminals", "lasts", "advantages"];
        const gaussian = ["mean", "spread", "input", "goal", "variance"];
        const known = [...inputs, ...gaussian, ...Object.keys({ ...plan.outputs, ...plan.arenas, ...plan.scratch })];
        for (const one of plan.passes) {
          expect(Object.keys(one.bind)).toEqual(Object.keys(one.kernel.bindings));
          expect(Object.keys(one.params).sort()).toEqual(Object.keys(one.kernel.params).sort());
          for (const place of Object.values(one.bind)) {
            expect(known).toContain(typeof place === "string" ? place : place.buffer);
          }
          for (const value of Object.values(one.params)) expect(Number.isFinite(value)).toBe(true);
        }
      }
    }
  });

  test("never read and write one buffer in one dispatch", () => {
    for (const machine of machines) {
      for (const shape of [
        [3, 40],
        [2, 100_000],
      ]) {
        for (const plan of Object.values(everyPlan(shape, {}, machine))) {
          for (const { kernel, bind } of plan.passes) {
            const place = (name: string) => {
              const where = bind[name];
              return typeof where === "string" ? where : where?.buffer;
            };
            const names = Object.keys(kernel.bindings);
            const read = names.filter((name) => kernel.bindings[name] === "read").map(place);
            const written = names.filter((name) => kernel.bindings[name] === "read_write").map(place);
            expect(new Set(written).size).toBe(written.length);
            for (const name of written) expect(read).not.toContain(name);
          }
        }
      }
    }
  });
});

describe("params", () => {
  test("are packed little-endian, each in its type, 256 bytes a pass", () => {
    const kernel = defineKernel({ name: "k", code: "", bindings: {}, params: { a: "u32", b: "i32", c: "f32" } });
    const one = pass(kernel, { bind: {}, params: { a: 4_294_967_295, b: -2, c: 0.5 }, grid: [1, 1] });
    const two = pass(kernel, { bind: {}, params: { c: -1, b: 7, a: 1 }, grid: [1, 1] });
    const bytes = packParams([one, two]);
    expect(bytes.byteLength).toBe(512);
    const view = new DataView(bytes);
    expect([view.getUint32(0, true), view.getInt32(4, true), view.getFloat32(8, true)]).toEqual([
      4_294_967_295, -2, 0.5,
    ]);
    expect([view.getUint32(256, true), view.getInt32(260, true), view.getFloat32(264, true)]).toEqual([1, 7, -1]);
    expect(paramsBytes(one)).toBe(16);
  });
});

describe("specialise", () => {
  test("gives the same kernel for the same constants, and another for others", () => {
    const kernel = scaleKernel();
    expect(specialise(kernel, { WG: 16, FAST: true })).toBe(specialise(kernel, { WG: 16, FAST: true }));
    expect(specialise(kernel, { WG: 16, FAST: true })).not.toBe(specialise(kernel, { WG: 16, FAST: false }));
    expect(specialise(kernel, { WG: 16, FAST: true }).code).toMatch(/^const WG = 16u;\nconst FAST = true;\n/);
  });
});

test("mask bits are one a class, rows on words of their own, whatever stands for kept", () => {
  expect([...packMask([true, false, 1, 0], 4)]).toEqual([0b0101, 0]);
  const flags = Array.from({ length: 2 * 33 }, (_, k) => k % 3 === 0);
  const bits = packMask(flags, 33);
  expect(bits).toHaveLength(5);
  flags.forEach((kept, k) => {
    const [row, c] = [Math.floor(k / 33), k % 33];
    expect((((bits[row * 2 + (c >> 5)] ?? 0) >>> (c & 31)) & 1) === 1).toBe(kept);
  });
});

describe("pass", () => {
  const kernel = scaleKernel();
  const params = { count: 1, factor: 2 };
  const bind = { x: "x", y: "y" };

  test("takes every binding and param of its kernel, and the compiler takes no others", () => {
    expect(pass(kernel, { bind, params, grid: [1, 1] })).toEqual({ kernel, bind, params, grid: [1, 1] });
    // @ts-expect-error: factor is missing
    pass(kernel, { bind, params: { count: 1 }, grid: [1, 1] });
    // @ts-expect-error: there is no param rows
    pass(kernel, { bind, params: { count: 1, factor: 2, rows: 3 }, grid: [1, 1] });
    // @ts-expect-error: y is missing
    pass(kernel, { bind: { x: "x" }, params, grid: [1, 1] });
    // @ts-expect-error: the binding is called y
    pass(kernel, { bind: { x: "x", z: "y" }, params, grid: [1, 1] });
    // @ts-expect-error: a grid has two dimensions
    pass(kernel, { bind, params, grid: [1] });
  });

  test("belongs to a machine that says whether it is software", () => {
    // @ts-expect-error: software is missing
    const machine: Machine = { limits };
    expect(machine.limits).toBe(limits);
  });
});
