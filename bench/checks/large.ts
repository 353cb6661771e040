import { crossEntropy, type Engine, softmax, type Tensor } from "../../src/index.ts";
import { attempt } from "../harness/attempt.ts";
import { finished } from "../harness/finished.ts";
import { milliseconds } from "../report/table.ts";
import type { Check, Gate } from "./check.ts";
import { generatedRow, generatedTargets, generateLogits } from "./generated.ts";

const ROWS = 4096;
const CLASSES = 32_064;

/** First, last, and on both sides of every 128 MiB. */
const checkedRows = [0, 1, 1045, 1046, 1047, 2092, 2093, 2094, 3138, 3139, 3140, 4094, ROWS - 1];

/** Far above rounding, far below any mistake in addressing. */
const MOST_ERROR = 1e-4;

interface Outcome {
  readonly milliseconds: number;
  readonly error: number;
}

/** More logits than a binding holds: half a gigabyte in, and for softmax half a gigabyte out. */
export async function checkLarge(engine: Engine, device: GPUDevice): Promise<Check> {
  const buffer = generateLogits(device, ROWS, CLASSES);
  await finished(device);
  const logits = engine.view(buffer, { shape: [ROWS, CLASSES] });
  const outcomes = {
    softmax: await attempt(() => largeSoftmax(engine, device, logits)),
    crossEntropy: await attempt(() => largeCrossEntropy(engine, device, logits)),
  };
  logits.dispose();
  buffer.destroy();
  const title = `[${ROWS} × ${CLASSES}], ${Math.round((ROWS * CLASSES * 4) / 1e6)} MB`;
  const rows = Object.entries(outcomes).map(([name, outcome]) => [name, ...cells(outcome)]);
  return {
    table: { title, head: ["function", "ms (second call)", "error"], rows },
    gates: Object.entries(outcomes).map(([name, outcome]) => gate(`${name} ${title}`, outcome)),
  };
}

async function largeSoftmax(engine: Engine, device: GPUDevice, logits: Tensor): Promise<Outcome> {
  const { result, milliseconds } = await second(device, () => softmax(logits));
  // Faults surface where something is read; half a gigabyte is not.
  await engine.tensor([0], [1]).read();
  let error = 0;
  for (const row of checkedRows) {
    const got = await readRow(device, result, row);
    const { values, logSum } = expected(row);
    values.forEach((value, column) => {
      const want = Math.exp(value - logSum);
      error = Math.max(error, Math.abs((got[column] ?? Number.NaN) - want) / want);
    });
  }
  result.dispose();
  return { milliseconds, error };
}

async function largeCrossEntropy(engine: Engine, device: GPUDevice, logits: Tensor): Promise<Outcome> {
  const ids = generatedTargets(ROWS, 0, CLASSES);
  const targets = engine.tensor(ids, [ROWS]);
  const { result, milliseconds } = await second(device, () => crossEntropy(logits, targets, { reduction: "none" }));
  const got = await result.read();
  let error = 0;
  for (const row of checkedRows) {
    const { values, logSum } = expected(row);
    const want = logSum - (values[ids[row] ?? 0] ?? Number.NaN);
    error = Math.max(error, Math.abs((got[row] ?? Number.NaN) - want) / Math.max(1, want));
  }
  result.dispose();
  targets.dispose();
  return { milliseconds, error };
}

async function second(device: GPUDevice, call: () => Tensor): Promise<{ result: Tensor; milliseconds: number }> {
  const first = call();
  await finished(device);
  first.dispose();
  const start = performance.now();
  const result = call();
  await finished(device);
  return { result, milliseconds: performance.now() - start };
}

function expected(row: number): { values: Float32Array; logSum: number } {
  const values = generatedRow(row, CLASSES);
  return { values, logSum: Math.log(values.reduce((sum, value) => sum + Math.exp(value), 0)) };
}

async function readRow(device: GPUDevice, { buffer, byteOffset }: Tensor, row: number): Promise<Float32Array> {
  const size = CLASSES * 4;
  const staging = device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, byteOffset + row * size, staging, 0, size);
  device.queue.submit([encoder.finish()]);
  await finished(device, staging.mapAsync(GPUMapMode.READ));
  const values = new Float32Array(staging.getMappedRange().slice(0));
  staging.destroy();
  return values;
}

function cells(outcome: Outcome | Error): string[] {
  if (outcome instanceof Error) return [String(outcome), ""];
  return [milliseconds(outcome.milliseconds), outcome.error.toExponential(1)];
}

function gate(name: string, outcome: Outcome | Error): Gate {
  const needed = "works";
  if (outcome instanceof Error) return { name, needed, measured: outcome.message, pass: false };
  const pass = outcome.error <= MOST_ERROR;
  return { name, needed, measured: `works, error ${outcome.error.toExponential(1)}`, pass };
}
