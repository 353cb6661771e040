import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Kernel, Machine, Plan } from "../../../src/engine/plan.ts";
import { kernel as selfTest } from "../../../src/engine/self-test.ts";
import { exampleBatch, exampleTensors } from "../../../src/expectation/example.ts";
import * as library from "../../../src/index.ts";
import { planBetweenFloats } from "../../support/gaussian/plans.ts";
import { everyPlan, machines } from "../../support/house/every-plan.ts";
import { robotPlans } from "../../support/robotics/plans.ts";
import { transportPlans } from "../../support/robotics/transport.ts";

const modules = import.meta.glob<Record<string, unknown>>(["../../../src/**/*.ts", "!**/cores/**"], { eager: true });
const folder = new URL("../../../shaders/", import.meta.url);
const wgsl = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".wgsl"));
const parts = wgsl.filter((path) => path.startsWith("lib/")).map((path) => path.slice("lib/".length));
const shaders = wgsl.filter((path) => !path.startsWith("lib/"));

const shapes = [
  [3, 40],
  [3, 41],
  [2, 100_000],
  [2, 100_001],
  [2_000, 24],
];

/** Every kernel that any plan dispatches, over layouts, alignments and options. */
const kernels = new Set<Kernel>();
for (const machine of machines) {
  for (const shape of shapes) {
    const classes = shape.at(-1) as number;
    for (const options of [{}, { mask: new Array<boolean>(classes).fill(true) }, { classes: [1, 22] as const }]) {
      for (const plan of Object.values(everyPlan(shape, options, machine))) {
        for (const { kernel } of plan.passes) kernels.add(kernel);
      }
    }
  }
}
for (const machine of machines) {
  for (const { passes } of [
    ...preparedPlans(machine),
    exampleBatch(machine),
    ...exampleTensors(machine),
    planBetweenFloats(machine),
    ...robotPlans(machine),
    ...transportPlans(machine),
  ]) {
    for (const { kernel } of passes) kernels.add(kernel);
  }
}
kernels.add(selfTest);
const named = new Map([...kernels].map((kernel) => [kernel.name, kernel]));
named.set("pack-mask", kernelOf(modules["../../../src/rows/mask.ts"]?.kernel));

function kernelOf(exported: unknown): Kernel {
  return exported as Kernel;
}

/** What the library's functions have `prepare` compile. */
function preparedPlans(machine: Machine): readonly Plan[] {
  return Object.values(library).flatMap((one) =>
    typeof one === "function" && "preparations" in one ? one.preparations(machine) : [],
  );
}

function withoutComments(code: string): string {
  return code.replace(/\/\/.*$/gm, "");
}

function paramsIn(code: string): Record<string, string> {
  const body = /struct Params \{([^}]*)\}/.exec(withoutComments(code))?.[1] ?? "";
  return Object.fromEntries([...body.matchAll(/(\w+): (\w+)/g)].map(([, name, type]) => [name, type]));
}

function bindingsIn(code: string): { slot: number; access: string; name: string }[] {
  const declared = /@group\(0\) @binding\((\d+)\)\s+var<([^>]+)> (\w+):/g;
  return [...withoutComments(code).matchAll(declared)].map(([, slot, access = "", name = ""]) => {
    return { slot: Number(slot), access: access.replace("storage, ", ""), name };
  });
}

test("every module that has a contract is dispatched by some plan", () => {
  const declared = Object.values(modules).flatMap((module) =>
    Object.values(module).flatMap((one) => {
      const { name, source, code, program } = (one ?? {}) as Record<string, unknown>;
      if (typeof name === "string" && (source || code)) return [name];
      return program ? [(program as { name: string }).name] : [];
    }),
  );
  expect(declared.length).toBeGreaterThanOrEqual(8);
  for (const name of declared) expect([...named.keys()]).toContain(name);
});

test("every shader with an entry point is some kernel's, and bears its name", () => {
  const names = shaders.map((path) => path.slice(path.indexOf("/") + 1));
  expect([...named.keys()].map((name) => `${name}.wgsl`).sort()).toEqual(names.sort());
});

test("there are variants for lanes, widths of loads, masks and split rows", () => {
  expect(kernels.size).toBeGreaterThan(60);
});

describe.each([...named.keys()].sort())("%s", (name) => {
  const variants = [...kernels].filter((kernel) => kernel.name === name);
  const sample = variants.length > 0 ? variants : [named.get(name) as Kernel];

  test("names its params in the order and with the types of struct Params", () => {
    for (const { params, code } of sample) {
      expect(Object.entries(paramsIn(code))).toEqual(Object.entries(params));
    }
  });

  test("names its bindings in the order and with the access that the shader declares, params last", () => {
    for (const { bindings, code } of sample) {
      const want = [...Object.entries(bindings), ["params", "uniform"]];
      expect(bindingsIn(code)).toEqual(want.map(([name, access], slot) => ({ slot, access, name })));
    }
  });

  test("binds at most the eight storage buffers that every device has", () => {
    for (const { bindings } of sample) expect(Object.keys(bindings).length).toBeLessThanOrEqual(8);
  });

  test("has one entry point, main", () => {
    for (const { code } of sample) {
      const points = [...withoutComments(code).matchAll(/@compute[^{]*?fn (\w+)/g)].map(([, point]) => point);
      expect(points).toEqual(["main"]);
    }
  });

  test("defines each function, constant and type once", () => {
    for (const { code } of sample) {
      const defined = [...withoutComments(code).matchAll(/^(?:fn|const|struct|alias) (\w+)/gm)].map(([, one]) => one);
      expect(defined.filter((one, k) => defined.indexOf(one) !== k)).toEqual([]);
    }
  });

  test("has params of four bytes each, below the stride of the params buffer", () => {
    for (const { params } of sample) {
      for (const type of Object.values(params)) expect(["u32", "i32", "f32"]).toContain(type);
      expect(Object.keys(params).length * 4).toBeLessThanOrEqual(256);
    }
  });
});

describe.each(shaders)("shaders/%s", (file) => {
  const code = readFileSync(new URL(file, folder), "utf8");

  test("starts with a comment on what it computes", () => {
    expect(code).toMatch(/^\/\/ .+\n\/\/ ?.*\n/);
  });

  test("includes only what exists in shaders/lib", () => {
    const header = code.slice(0, code.search(/\n[^/]/));
    const listed = /\/\/ include: ([\s\S]*)$/.exec(header)?.[1]?.replaceAll("//", "") ?? "";
    for (const path of listed.split(",").map((one) => one.trim())) {
      if (path === "") continue;
      const pattern = new RegExp(`^${path.replace("lib/", "").replace(".", "\\.").replace("*", ".+")}$`);
      expect(parts.filter((part) => pattern.test(part)).length, path).toBeGreaterThan(0);
    }
  });
});

test("no part of shaders/lib has an entry point, and each says what it is", () => {
  for (const part of parts) {
    const code = readFileSync(new URL(`lib/${part}`, folder), "utf8");
    expect(code, part).toMatch(/^\/\/ /);
    expect(code, part).not.toContain("@compute");
  }
});

test("sizes are params: shapes that share a layout share every kernel", () => {
  for (const machine of machines) {
    const [a, b] = [everyPlan([4_003, 1_236], {}, machine), everyPlan([3_001, 1_332], {}, machine)];
    for (const [name, plan] of Object.entries(a)) {
      const kernelsOf = (of: typeof plan | undefined) => of?.passes.map((pass) => pass.kernel);
      kernelsOf(plan)?.forEach((kernel, k) => void expect(kernelsOf(b[name])?.[k]).toBe(kernel));
      for (const { kernel } of plan.passes) expect(kernel.code).not.toMatch(/\b(4003|1236)\b/);
    }
  }
});
