import { afterAll, beforeAll, expect, test } from "vitest";
import { elementaryWgsl } from "../../../src/arithmetic/elementary-wgsl.ts";
import { math } from "../../../src/arithmetic/math-wgsl.ts";
import { single } from "../../../src/arithmetic/single.ts";
import { differentiate } from "../../../src/expression/differentiate.ts";
import { evaluator } from "../../../src/expression/evaluate.ts";
import { type Expr, variable } from "../../../src/expression/expr.ts";
import { FUNCTIONS } from "../../../src/expression/functions.ts";
import { parseFormula } from "../../../src/expression/parse.ts";
import { lowerUnchecked, type Program } from "../../../src/expression/program.ts";
import { emitProgram } from "../../../src/expression/wgsl.ts";
import { randomSource } from "../../support/data.ts";
import { ownDevice } from "../../support/device.ts";
import { exhaustive } from "../../support/exhaustive.ts";
import {
  BASIC_OPERATIONS,
  ELEMENTARY_OPERATIONS,
  NUMBERS,
  randomExpression,
  subnormalPoints,
} from "../../support/expression/random-expressions.ts";

// The GPU and the f32 evaluator compute the same bits: random programs over ordinary and special values.

const POINTS = 192;
const A_MODULE = 40;

let device: GPUDevice;
beforeAll(async () => {
  device = await ownDevice();
});
afterAll(() => device.destroy());

const parameters = { a: 0.7, b: -2.5 } as const;

function variablesOf(seed: number): Float32Array[] {
  const random = randomSource(seed);
  const special = [
    0,
    -0,
    1,
    -1,
    2,
    0.5,
    -0.5,
    1e30,
    -1e30,
    1e-30,
    3,
    16777217,
    Infinity,
    -Infinity,
    NaN,
    88.8,
    -104,
    1.5,
  ];
  return Array.from({ length: 3 }, () =>
    Float32Array.from({ length: POINTS }, (_, i) => {
      if (i % 3 === 0) return special[Math.floor(random() * special.length)] ?? 0;
      return (2 * random() - 1) * 10 ** Math.floor(3 * random());
    }),
  );
}

// One module and one dispatch for many programs: y[k * POINTS + i] is program k at point i.
async function onGpu(programs: readonly Program[], variables: readonly Float32Array[]): Promise<Float32Array> {
  const emitted = programs.map((program, k) => emitProgram(program, `program${k}`));
  const calls = programs.map((program, k) => {
    const xs = Array.from({ length: program.variables }, (_, j) => `x[${j * POINTS}u + i]`);
    const ps = program.parameters.map((name) => `x[${3 * POINTS + Object.keys(parameters).indexOf(name)}u]`);
    const p = ps.length > 0 ? [`program${k}_In(${ps.join(", ")})`] : [];
    return `  y[${k * POINTS}u + i] = program${k}(${[...xs, ...p, "zero"].join(", ")}).y0;`;
  });
  const code = [
    math,
    elementaryWgsl(new Set(emitted.flatMap((made) => [...made.functions]))),
    ...emitted.map((made) => made.code),
    "@group(0) @binding(0) var<storage, read> x: array<f32>;",
    "@group(0) @binding(1) var<storage, read> zeros: array<u32>;",
    "@group(0) @binding(2) var<storage, read_write> y: array<f32>;",
    "@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3<u32>) {",
    "  let i = id.x;",
    "  let zero = zeros[0];",
    ...calls,
    "}",
  ].join("\n");
  const pipeline = await device.createComputePipelineAsync({
    layout: "auto",
    compute: { module: device.createShaderModule({ code }), entryPoint: "main" },
  });
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
  const size = programs.length * POINTS * 4;
  const data = new Float32Array(3 * POINTS + 2);
  variables.forEach((variable, k) => {
    data.set(variable, k * POINTS);
  });
  data.set(Object.values(parameters), 3 * POINTS);
  const x = device.createBuffer({ size: data.byteLength, usage });
  const zeros = device.createBuffer({ size: 16, usage });
  const y = device.createBuffer({ size, usage });
  const back = device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  device.queue.writeBuffer(x, 0, data);
  const entries = [x, zeros, y].map((buffer, binding) => ({ binding, resource: { buffer } }));
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
  pass.dispatchWorkgroups(POINTS / 64);
  pass.end();
  encoder.copyBufferToBuffer(y, 0, back, 0, size);
  device.queue.submit([encoder.finish()]);
  await back.mapAsync(GPUMapMode.READ);
  const values = new Float32Array(back.getMappedRange().slice(0));
  for (const buffer of [x, zeros, y, back]) buffer.destroy();
  return values;
}

// How many points were compared; throws with the code of the first program that differs.
async function expectSameBits(exprs: readonly Expr[], seed: number): Promise<number> {
  const programs = exprs.map((expr) => lowerUnchecked([expr]));
  const variables = variablesOf(seed);
  let compared = 0;
  for (let first = 0; first < programs.length; first += A_MODULE) {
    const batch = programs.slice(first, first + A_MODULE);
    const gpu = await onGpu(batch, variables);
    for (const [k, program] of batch.entries()) {
      const values = program.parameters.map((name) => parameters[name as keyof typeof parameters]);
      const skipped = subnormalPoints(program, single, variables, values, POINTS);
      const [twin] = evaluator(program, single)(variables, values, POINTS);
      for (let i = 0; i < POINTS; i++) {
        if (skipped[i]) continue;
        compared++;
        if (Object.is(gpu[k * POINTS + i], twin?.[i])) continue;
        const point = variables.map((x) => x[i]);
        const { code } = emitProgram(program, "f");
        throw new Error(`at ${point} the GPU has ${gpu[k * POINTS + i]}, the twin ${twin?.[i]}, of\n${code}`);
      }
    }
  }
  return compared;
}

/** All of them, or every third in `npm test`. */
const some = (exprs: readonly Expr[]) => exprs.filter((_, k) => exhaustive || k % 3 === 0);

test("programs of exact operations give the twin's bits", async () => {
  const random = randomSource(11);
  const kind = { operations: BASIC_OPERATIONS, numbers: NUMBERS, variables: 3, parameters: ["a", "b"] };
  const exprs = Array.from({ length: 360 }, (_, k) => randomExpression(random, 3 + (k % 24), kind));
  expect(await expectSameBits(some(exprs), 5)).toBeGreaterThan(exhaustive ? 60_000 : 20_000);
});

test("programs of all operations give the twin's bits", async () => {
  const random = randomSource(12);
  const operations = [...BASIC_OPERATIONS, ...ELEMENTARY_OPERATIONS, ...ELEMENTARY_OPERATIONS];
  const kind = { operations, numbers: NUMBERS, variables: 3, parameters: ["a", "b"] };
  const exprs = Array.from({ length: 120 }, (_, k) => randomExpression(random, 1 + (k % 12), kind));
  expect(await expectSameBits(some(exprs), 6)).toBeGreaterThan(exhaustive ? 15_000 : 5_000);
});

test("every function of formulas, and its derivative if it has one, gives the twin's bits", async () => {
  const exprs = [...FUNCTIONS].flatMap(([name, known]) => {
    const args = ["x[0]", "x[1]", "x[2]"].slice(0, Math.min(3, known.most));
    const expr = parseFormula(`${name}(${args.join(", ")})`, { dimension: 3, where: "of" });
    return name === "trigamma" ? [expr] : [expr, differentiate(expr, variable(0))];
  });
  expect(await expectSameBits(exprs, 7)).toBeGreaterThan(10_000);
});

test("formulas of every day give the twin's bits", async () => {
  const formulas = [
    "x[0]^2",
    "x[0] * x[1]",
    "x[0]^2 + x[1]^2 < 1",
    "exp(-x[0]^2 / 2) / sqrt(2 * pi)",
    "max(100 * exp(0.03 + 0.2 * x[0]) - 100, 0) * exp(-0.05)",
    "(((x[0] * 0.3 + 0.7) * x[0] - 1.1) * x[0] + 0.1) * x[0] - 3",
    "(x[0] + 1e7) - 1e7",
    "x[0] * 3 / 3",
    "x[0] - x[0]",
    "x[0] / x[0]",
    "0 * x[0] + 0 / x[1]",
    "x[0] * (x[1] + x[2]) - x[0] * x[1] - x[0] * x[2]",
    "abs(x[0]) >= 0",
    "not (x[0] < x[1]) == (x[0] >= x[1])",
    "(x[0] < x[1]) * (x[1] < x[2]) * x[2]",
    Array.from({ length: 128 }, (_, k) => `x[${k % 3}]*${k}`).join("+"),
    Array.from({ length: 60 }, (_, k) => `sin(${k}*x[0])`).join("+"),
  ];
  const exprs = formulas.map((text) => parseFormula(text, { dimension: 3, where: "of" }));
  expect(await expectSameBits(exprs, 8)).toBeGreaterThan(2_500);
});

test("a program of 254 parameters is a function that compiles: there may be 255 arguments", async () => {
  const names = Array.from({ length: 254 }, (_, k) => `q${k}`);
  const expr = parseFormula(`x[0]+${names.join("+")}`, { dimension: 1, where: "of", parameters: names });
  const { code } = emitProgram(lowerUnchecked([expr]), "f");
  const module = device.createShaderModule({ code: [math, code].join("\n") });
  expect((await module.getCompilationInfo()).messages).toEqual([]);
});
