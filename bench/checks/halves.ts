import { fromHalves, type Half, toHalves } from "../../src/arithmetic/halves.ts";
import { type Engine, logSumExp, softmax, type Tensor } from "../../src/index.ts";
import { tensorTask } from "../contestants/surprisal-tasks.ts";
import { finished } from "../harness/finished.ts";
import { type Pace, race, type Timing } from "../harness/race.ts";
import { medianOf, ratiosOf, spreadOf } from "../harness/statistics.ts";
import { milliseconds } from "../report/table.ts";
import type { Check, Gate } from "./check.ts";
import { generatedRow } from "./generated.ts";

const CLASSES = 32_064;
const FEW = 448;
const MANY = 4_096;

/** Rows that are not alike; they come again and again, at other places of every binding. */
const OWN_ROWS = 61;

const KINDS = ["f32", "f16", "bf16"] as const;

/** Half the bytes must show in the time, and half a gigabyte's worth of logits must be right. */
export async function checkHalves(engine: Engine, device: GPUDevice, pace: Pace): Promise<Check> {
  const timings = await timesOf(engine, device, pace);
  const firefox = /firefox/i.test(navigator.userAgent);
  const gates: Gate[] = [];
  for (const [k, kind] of KINDS.entries()) {
    const [timing, of] = [timings[k], timings[0]];
    if (kind === "f32" || !timing || !of) continue;
    const share = 1 / medianOf(ratiosOf(of.spans, timing.spans));
    const name = `logSumExp [${FEW} × ${CLASSES}] of ${kind}`;
    // Where a program is the GPU, arithmetic may outweigh memory.
    const needed = firefox ? "≤ 0.7 of f32's time" : "anything";
    gates.push({ name, needed, measured: `${share.toFixed(2)} of it`, pass: !firefox || share <= 0.7 });
    gates.push(...(await largeGates(engine, device, kind)));
  }
  const rows = timings.map(({ spans: { times, calls } }, k) => {
    const { median, low, high } = spreadOf(times);
    return [
      KINDS[k] ?? "",
      milliseconds(median),
      `${milliseconds(low)}–${milliseconds(high)}`,
      `${times.length} × ${calls}`,
    ];
  });
  const head = ["logits", "median ms", "quartiles", "rounds × calls"];
  return { table: { title: `logSumExp [${FEW} × ${CLASSES}]`, head, rows }, gates };
}

async function timesOf(engine: Engine, device: GPUDevice, pace: Pace): Promise<Timing[]> {
  const logits = KINDS.map((kind) => logitsOf(engine, device, kind, FEW));
  const tasks = logits.map(({ x }) => tensorTask(engine, () => [logSumExp(x)]));
  const timings = await race(
    tasks.map((task) => ({ device, tasks: [task] })),
    pace,
  );
  for (const { free } of logits) free();
  return timings.map((timing) => {
    if (timing instanceof Error) throw timing;
    return timing;
  });
}

interface Logits {
  readonly x: Tensor;
  free(): void;
}

/** Rows of logits in a buffer, copied there from a few. */
function logitsOf(engine: Engine, device: GPUDevice, dtype: (typeof KINDS)[number], rows: number): Logits {
  const few = Array.from({ length: OWN_ROWS }, (_, row) => rowOf(row, dtype));
  const bytes = CLASSES * (dtype === "f32" ? 4 : 2);
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
  const buffer = device.createBuffer({ size: rows * bytes, usage });
  for (let row = 0; row < rows; row++) {
    const values = few[row % OWN_ROWS] ?? new Float32Array();
    const data = dtype === "f32" ? values : toHalves(values, dtype);
    device.queue.writeBuffer(buffer, row * bytes, data);
  }
  const x = engine.view(buffer, { shape: [rows, CLASSES], dtype });
  return { x, free: () => buffer.destroy() };
}

/** A row's numbers, as its type holds them. */
function rowOf(row: number, dtype: (typeof KINDS)[number]): Float32Array<ArrayBuffer> {
  const values = generatedRow(row % OWN_ROWS, CLASSES) as Float32Array<ArrayBuffer>;
  return dtype === "f32" ? values : fromHalves(toHalves(values, dtype), dtype);
}

/** Rows that are looked at: first, last, and on both sides of every 128 MiB of f32. */
const CHECKED = [0, 1, 1045, 1046, 1047, 2092, 2093, 2094, 3138, 3139, 3140, 4094, MANY - 1];

async function largeGates(engine: Engine, device: GPUDevice, half: Half): Promise<readonly Gate[]> {
  const { x, free } = logitsOf(engine, device, half, MANY);
  await finished(device);
  const wanted = Array.from({ length: OWN_ROWS }, (_, row) => {
    const values = rowOf(row, half);
    const peak = values.reduce((a, b) => Math.max(a, b));
    const sum = values.reduce((total, value) => total + Math.exp(value - peak), 0);
    return { values, logSumExp: peak + Math.log(sum) };
  });
  const lse = logSumExp(x);
  const got = await lse.read();
  let worst = 0;
  for (let row = 0; row < MANY; row++) {
    const want = wanted[row % OWN_ROWS]?.logSumExp ?? Number.NaN;
    worst = Math.max(worst, Math.abs((got[row] ?? Number.NaN) - want) / (2 ** -23 * Math.abs(want) + 4e-6));
  }
  lse.dispose();
  const narrow = softmax(x, { dtype: half });
  let beyond = 0;
  for (const row of CHECKED) {
    const { values, logSumExp: sum } = wanted[row % OWN_ROWS] ?? { values: new Float32Array(), logSumExp: 0 };
    const bits = await readRow(device, narrow, row);
    fromHalves(bits, half).forEach((p, c) => {
      const want = Math.exp((values[c] ?? 0) - sum);
      // Half a unit of the half, and 2^-25 where f16 are subnormal, beside the error of the f32 before it is rounded.
      const most = want * ((half === "f16" ? 2 ** -11 : 2 ** -8) + 1e-5) + 2 ** -25;
      beyond = Math.max(beyond, Math.abs(p - want) / most);
    });
  }
  narrow.dispose();
  free();
  const title = `[${MANY} × ${CLASSES}] of ${half}`;
  return [
    { name: `logSumExp ${title}`, needed: "≤ 1 of the tolerance", measured: worst.toFixed(2), pass: worst <= 1 },
    {
      name: `softmax ${title} to ${half}`,
      needed: "≤ 1 of its rounding",
      measured: beyond.toFixed(2),
      pass: beyond <= 1,
    },
  ];
}

async function readRow(device: GPUDevice, { buffer, byteOffset }: Tensor, row: number): Promise<Uint16Array> {
  const size = CLASSES * 2;
  const staging = device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, byteOffset + row * size, staging, 0, size);
  device.queue.submit([encoder.finish()]);
  await finished(device, staging.mapAsync(GPUMapMode.READ));
  const values = new Uint16Array(staging.getMappedRange().slice(0));
  staging.destroy();
  return values;
}
