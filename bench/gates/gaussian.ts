import { lax, numpy as np } from "@jax-js/jax";
import * as tf from "@tensorflow/tfjs";
import { type Engine, gaussianLogDensity } from "../../src/index.ts";
import { attempt } from "../attempt.ts";
import { ceiling, isCeiling } from "../ceilings.ts";
import { finished } from "../finished.ts";
import { milliseconds, table } from "../format.ts";
import { type Runner, race, type Timing } from "../harness.ts";
import { jax } from "../peers/jax.ts";
import { taskOf } from "../peers/surprisal.ts";
import { tensorflow } from "../peers/tensorflow.ts";
import type { Problem } from "../problem.ts";
import { spreadOf } from "../statistics.ts";
import { type Gate, type GateCase, speedGate } from "./gate.ts";

const D = 7;
const ROWS = 1_000_000;
const MATRICES = 100_000;
const FIREFOX = /firefox/i.test(navigator.userAgent);

/** Diagonal log-density of a million rows against a bare read and TensorFlow.js; a covariance a row against jax-js. */
export async function gaussianCase(engine: Engine, device: GPUDevice, repeats: number): Promise<GateCase> {
  const diagonal = await diagonalPart(engine, device, repeats);
  const full = await matrixPart(engine, device, repeats);
  return {
    markdown: `${diagonal.markdown}\n\n${full.markdown}`,
    gates: [...diagonal.gates, ...full.gates],
  };
}

interface Entrant {
  readonly name: string;
  readonly runner: Runner;
}

async function diagonalPart(engine: Engine, device: GPUDevice, repeats: number): Promise<GateCase> {
  const values = waves(ROWS * D, 1.7);
  const mean = [...waves(D, 0.3)];
  const std = mean.map((value) => 1 + 0.5 * value);
  const x = engine.tensor(values, [ROWS, D]);
  const [meanTensor, stdTensor] = [engine.tensor(mean, [D]), engine.tensor(std, [D])];
  const own = engine.tensor(
    values.map((value) => 1 + 0.25 * value * value),
    [ROWS, D],
  );
  const problem: Problem = {
    rows: ROWS,
    classes: D,
    logits: values,
    targets: new Int32Array(),
    logSums: new Float64Array(),
  };
  const ours = (name: string, call: () => ReturnType<typeof gaussianLogDensity>): Entrant => ({
    name,
    runner: { device, task: taskOf(call), resultBytes: 4 * ROWS },
  });
  const entrants: Entrant[] = [
    ours("surprisal", () => gaussianLogDensity(x, { mean, std })),
    ours("surprisal, parameters on the GPU", () => gaussianLogDensity(x, { mean: meanTensor, std: stdTensor })),
    ours("surprisal, a std a row", () => gaussianLogDensity(x, { mean, std: own })),
  ];
  for (const sharing of ["runs", "strides"] as const) {
    const library = ceiling(device, sharing);
    const task = await (await library.load(problem)).task("logSumExp");
    if (task) entrants.push({ name: library.name, runner: { device, task, resultBytes: 4 } });
  }
  const timings = await race(
    entrants.map(({ runner }) => runner),
    repeats,
  );
  if (!FIREFOX) {
    const peer = await tensorflowEntrant(values, mean, std);
    entrants.push(peer);
    timings.push(await few(peer.runner));
  }
  for (const tensor of [x, meanTensor, stdTensor, own]) tensor.dispose();
  return report(`gaussianLogDensity, diagonal, [1e6 × ${D}]`, entrants, timings, (median) => {
    const reads = entrants.filter(({ name }) => isCeiling(name)).map(({ name }) => median(name));
    const ratio = median("surprisal") / Math.min(...reads);
    const ceilingGate: Gate = {
      name: `gaussianLogDensity, diagonal, [1e6 × ${D}], against a bare read`,
      needed: "≤ 1.5×",
      measured: `${ratio.toFixed(2)}×`,
      pass: ratio <= 1.5,
    };
    if (!FIREFOX) {
      const name = `gaussianLogDensity, diagonal, [1e6 × ${D}], against TensorFlow.js's composed ops`;
      return [ceilingGate, speedGate(name, 5, median("TensorFlow.js"), median("surprisal"))];
    }
    return [ceilingGate];
  });
}

/**
 * Differences, squares and a sum, with everything that only the parameters decide made ahead. The sum is a product with
 * ones: `tf.sum` takes a workgroup a row, which takes a software adapter minutes.
 */
async function tensorflowEntrant(values: Float32Array, mean: number[], std: number[]): Promise<Entrant> {
  const { device } = await tensorflow();
  const x = tf.tensor2d(values, [ROWS, D]);
  const [centre, rate] = [tf.tensor1d(mean), tf.tensor1d(std.map((value) => 1 / value))];
  const ones = tf.ones([D, 1]);
  const level = tf.scalar(-std.reduce((sum, value) => sum + Math.log(value), 0) - (D / 2) * Math.log(2 * Math.PI));
  await tf.max(tf.slice(x, 0, 1)).data();
  const backend = tf.backend() as unknown as {
    ensureCommandEncoderReady(): void;
    endComputePassEncoder(): void;
    submitQueue(): void;
  };
  const task = {
    call: () => tf.tidy(() => tf.add(tf.mul(tf.matMul(tf.square(tf.mul(tf.sub(x, centre), rate)), ones), -0.5), level)),
    flush: async () => {
      backend.ensureCommandEncoderReady();
      backend.endComputePassEncoder();
      backend.submitQueue();
    },
    read: async () => new Float32Array(),
    free: (result: unknown) => (result as tf.Tensor).dispose(),
    dispose: () => {},
  };
  return { name: "TensorFlow.js", runner: { device, task, resultBytes: 40 * ROWS * D } };
}

async function matrixPart(engine: Engine, device: GPUDevice, repeats: number): Promise<GateCase> {
  const values = waves(MATRICES * D, 1.7);
  const mean = new Array<number>(D).fill(0);
  const matrices = covariances();
  const x = engine.tensor(values, [MATRICES, D]);
  const covariance = engine.tensor(matrices, [MATRICES, D, D]);
  const entrants: Entrant[] = [
    {
      name: "surprisal",
      runner: { device, task: taskOf(() => gaussianLogDensity(x, { mean, covariance })), resultBytes: 4 * MATRICES },
    },
  ];
  const timings = await race(
    entrants.map(({ runner }) => runner),
    repeats,
  );
  const peer = await attempt(() => jaxEntrant(values, matrices));
  if (!(peer instanceof Error)) {
    entrants.push(peer);
    timings.push(await attempt(() => few(peer.runner)));
  }
  x.dispose();
  covariance.dispose();
  const name = `gaussianLogDensity, a covariance a row, [1e5 × ${D} × ${D}]`;
  const part = report(name, entrants, timings, (median) => [
    speedGate(`${name}, against jax-js's cholesky and triangular solve`, 10, median("jax-js"), median("surprisal")),
  ]);
  return peer instanceof Error ? { ...part, markdown: `${part.markdown}\n\njax-js: ${peer.message}` } : part;
}

/** Only the factorisation and the solve: jax-js would still have to add logarithms and squares up. */
async function jaxEntrant(values: Float32Array, matrices: Float32Array): Promise<Entrant> {
  const { device } = await jax();
  const a = np.array(matrices, { shape: [MATRICES, D, D], device: "webgpu" });
  const b = np.array(values, { shape: [MATRICES, D, 1], device: "webgpu" });
  await a.blockUntilReady();
  await b.blockUntilReady();
  const task = {
    // Its jit refuses the two in one function: "routine primitive triangular_solve input is not imm".
    call: () => lax.linalg.triangularSolve(lax.linalg.cholesky(a.ref), b.ref, { leftSide: true, lower: true }),
    flush: async (results: readonly unknown[]) => {
      await Promise.all((results as readonly np.Array[]).map((result) => result.blockUntilReady()));
    },
    read: async () => new Float32Array(),
    free: (result: unknown) => (result as np.Array).dispose(),
    dispose: () => {},
  };
  return { name: "jax-js", runner: { device, task, resultBytes: 4 * MATRICES * D * D } };
}

/** Calls of a peer that takes seconds or minutes: to race it would tell no more. */
const FEW = 1;

/** Times a first call and those after it, one by one. */
async function few({ device, task }: Runner): Promise<Timing> {
  const times: number[] = [];
  for (let k = 0; k <= FEW; k++) {
    const start = performance.now();
    const result = task.call();
    await finished(device, task.flush([result]));
    task.free(result);
    times.push(performance.now() - start);
  }
  const [first = Number.NaN, ...later] = times;
  return { first, batch: 1, repeats: FEW, ...spreadOf(later) };
}

/** Values that repeat only after long: no generator is needed to time arithmetic. */
function waves(count: number, size: number): Float32Array {
  return Float32Array.from({ length: count }, (_, k) => size * Math.sin(k * 1.618));
}

/** I + v vᵀ / 4, a v a matrix. */
function covariances(): Float32Array {
  return Float32Array.from({ length: MATRICES * D * D }, (_, k) => {
    const [matrix, i, j] = [Math.floor(k / (D * D)), Math.floor(k / D) % D, k % D];
    const v = (c: number) => Math.sin(matrix * 0.7 + c);
    return (i === j ? 1 : 0) + 0.25 * v(i) * v(j);
  });
}

function report(
  title: string,
  entrants: readonly Entrant[],
  timings: readonly (Timing | Error)[],
  gatesOf: (median: (name: string) => number) => readonly Gate[],
): GateCase {
  const rows = entrants.map(({ name }, k) => {
    const timing = timings[k];
    if (!timing || timing instanceof Error) return [name, timing?.message ?? "none", "", ""];
    const { median, low, high, repeats, batch } = timing;
    return [name, milliseconds(median), `${milliseconds(low)}–${milliseconds(high)}`, `${repeats} × ${batch}`];
  });
  const median = (wanted: string) => {
    const timing = timings[entrants.findIndex(({ name }) => name === wanted)];
    return timing && !(timing instanceof Error) ? timing.median : Number.NaN;
  };
  return {
    markdown: `### ${title}\n\n${table(["who", "median ms", "quartiles", "repeats × calls"], rows)}`,
    gates: gatesOf(median),
  };
}
