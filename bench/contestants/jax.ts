import { defaultDevice, getWebGPUDevice, init, jit, lax, nn, numpy as np, random, valueAndGrad } from "@jax-js/jax";
import type { Answer, GaussianProblem, Problem, RowProblem, SampleProblem, TripProblem } from "../cases/problem.ts";
import { oneHot } from "../cases/rows.ts";
import { onDevice, oneByOne } from "../harness/runs.ts";
import type { Contestant, Loaded, Task } from "./contestant.ts";
import { sharedThreads } from "./cores.ts";
import { versions } from "./versions.ts";

type Device = "webgpu" | "wasm";

/** jax-js on one of its devices, each function under `jit`; what it has no function for is composed of what it has. */
export async function jax(device: Device): Promise<Contestant> {
  const ready = await init(device);
  if (!ready.includes(device)) throw new Error(`jax-js: no ${device} device`);
  return {
    name: device === "webgpu" ? "jax-js WebGPU" : "jax-js WASM",
    kind: device === "webgpu" ? "webgpu" : "cpu",
    role: "peer",
    version: versions.jax,
    ...(device === "webgpu" ? onGpu() : { threads: sharedThreads() }),
    load: async (problem) => {
      // Keys, constants and whatever is made on the way go where this points.
      defaultDevice(device);
      return load(problem, device);
    },
  };
}

function onGpu() {
  return {
    device: getWebGPUDevice(),
    // Its Cholesky factorisation takes 256 invocations a matrix, however small.
    workgroupPerRow: (problem: Problem) => problem.group === "gaussian" && problem.form === "matrix",
  };
}

function load(problem: Problem, device: Device): Promise<Loaded> | Loaded {
  if (problem.group === "rows") return loadRows(problem, device);
  if (problem.group === "gaussian") return loadGaussian(problem, device);
  if (problem.group === "monte-carlo") return { tasks: async () => [meanTask(problem)], dispose: () => {} };
  return loadTrips(problem, device);
}

const rowBodies: Readonly<Record<string, (x: np.Array) => np.Array>> = {
  softmax: (x) => nn.softmax(x, -1),
  logSoftmax: (x) => nn.logSoftmax(x, -1),
  logSumExp: (x) => nn.logsumexp(x, -1),
  entropy: (x) => {
    const log = nn.logSoftmax(x, -1);
    return np.negative(np.sum(np.exp(log.ref).mul(log), -1));
  },
};

async function loadRows(problem: RowProblem, device: Device): Promise<Loaded> {
  const { logits, targets, rows, classes } = problem;
  const x = np.array(logits, { shape: [rows, classes], device });
  const ids = np.array(targets, { shape: [rows, 1], dtype: np.int32, device });
  await Promise.all([x.blockUntilReady(), ids.blockUntilReady()]);
  let dense: np.Array | undefined;
  // Made outside of any timed span, and not by its own function, whose indexes overflow from 46,341 classes on.
  const hotTargets = async () => {
    dense ??= await np.array(oneHot(problem), { shape: [rows, classes], device }).blockUntilReady();
    return dense;
  };
  const losses = async () => {
    const hot = await hotTargets();
    return [
      taskOf(jit(gatheredLoss), () => [x.ref, ids.ref], "logsumexp − takeAlongAxis"),
      taskOf(jit(denseLoss), () => [x.ref, hot.ref], "logsumexp − Σ one-hot · x"),
    ];
  };
  const gradients = async () => {
    const hot = await hotTargets();
    return [
      taskOf(jit(explicitGradient), () => [x.ref, hot.ref], "softmax − one-hot, and the loss"),
      taskOf(jit(valueAndGrad(denseLoss)), () => [x.ref, hot.ref], "valueAndGrad"),
    ];
  };
  return {
    tasks: async (name) => {
      if (name === "crossEntropy") return losses();
      if (name === "crossEntropyWithGradient") return gradients();
      const body = rowBodies[name];
      return body ? [taskOf(jit(body), () => [x.ref], name === "entropy" ? "−Σ eˡ · l, l = logSoftmax" : "")] : [];
    },
    dispose: () => {
      for (const array of [x, ids, dense]) array?.dispose();
    },
  };
}

function gatheredLoss(x: np.Array, ids: np.Array): np.Array {
  const picked = np.squeeze(np.takeAlongAxis(x.ref, ids, 1), 1);
  return np.mean(nn.logsumexp(x, -1).sub(picked));
}

function denseLoss(x: np.Array, hot: np.Array): np.Array {
  const picked = np.sum(x.ref.mul(hot), -1);
  return np.mean(nn.logsumexp(x, -1).sub(picked));
}

function explicitGradient(x: np.Array, hot: np.Array): np.Array[] {
  const rows = x.shape[0] ?? 1;
  const gradient = nn
    .softmax(x.ref, -1)
    .sub(hot.ref)
    .mul(1 / rows);
  return [denseLoss(x, hot), gradient];
}

async function loadGaussian(problem: GaussianProblem, device: Device): Promise<Loaded> {
  const { rows, dimensions: d, form } = problem;
  const matrix = form === "matrix";
  const x = np.array(problem.x, { shape: matrix ? [rows, d, 1] : [rows, d], device });
  const held = [x];
  await x.blockUntilReady();
  const task = async () => {
    if (!matrix) return diagonalTask(problem, x);
    const a = np.array(problem.covariance, { shape: [rows, d, d], device });
    held.push(a);
    await a.blockUntilReady();
    return matrixTask(a, x, d);
  };
  return {
    tasks: async () => [await task()],
    dispose: () => {
      for (const array of held) array.dispose();
    },
  };
}

/** With everything that only the parameters decide made ahead. */
function diagonalTask({ mean, std, dimensions: d }: GaussianProblem, x: np.Array): Task {
  const level = -std.reduce((sum, value) => sum + Math.log(value), 0) - (d / 2) * Math.log(2 * Math.PI);
  const centre = np.array([...mean]);
  const rate = np.array(std.map((value) => 1 / value));
  const body = (x: np.Array, centre: np.Array, rate: np.Array) =>
    np
      .sum(np.square(x.sub(centre).mul(rate)), -1)
      .mul(-0.5)
      .add(level);
  return taskOf(jit(body), () => [x.ref, centre.ref, rate.ref], "−½ Σ ((x − m) / s)² + c, composed");
}

/** Its jit refuses the two in one function: "routine primitive triangular_solve input is not imm". */
function matrixTask(a: np.Array, x: np.Array, d: number): Task {
  const rest = jit((factor: np.Array, z: np.Array) => {
    const logs = np.sum(np.log(np.diagonal(factor, 0, 1, 2)), -1);
    const squares = np.sum(np.square(z), [1, 2]);
    return squares
      .mul(-0.5)
      .sub(logs)
      .sub((d / 2) * Math.log(2 * Math.PI));
  });
  const density = Object.assign(
    (a: np.Array, x: np.Array) => {
      const factor = lax.linalg.cholesky(a);
      const z = lax.linalg.triangularSolve(factor.ref, x, { leftSide: true, lower: true });
      return rest(factor, z) as np.Array;
    },
    { dispose: () => rest.dispose() },
  );
  return taskOf(density, () => [a.ref, x.ref], "cholesky, triangularSolve, sums");
}

const integrands: Readonly<Record<SampleProblem["integrand"], (x: np.Array) => np.Array>> = {
  "x²": (x) => np.square(x),
  "x > 2": (x) => np.greater(x, 2).astype(np.float32),
  "exp(Σx/10)": (x) => np.exp(np.sum(x, -1).mul(0.1)),
};

/** Samples are made in memory, then reduced. */
function meanTask({ integrand, dimensions, samples }: SampleProblem): Task {
  const f = integrands[integrand];
  const shape = dimensions === 1 ? [samples] : [samples, dimensions];
  const mean = jit((key: np.Array) => np.mean(f(random.normal(key, shape))));
  let seed = 0;
  const call = async () => {
    seed += 1;
    return (await (mean(random.key(seed)) as np.Array).data()) as Float32Array;
  };
  return {
    note: "random.normal, the mean alone",
    resultBytes: 0,
    run: oneByOne(call),
    answer: async () => [await call()],
    dispose: () => mean.dispose(),
  };
}

function loadTrips({ rows: { logits, rows, classes }, samples }: TripProblem, device: Device): Loaded {
  const softmax = jit((x: np.Array) => nn.softmax(x, -1));
  const call = async () => {
    const x = np.array(logits, { shape: [rows, classes], device });
    return (await (softmax(x) as np.Array).data()) as Float32Array;
  };
  const trip: Task = {
    resultBytes: 0,
    run: oneByOne(call),
    answer: async () => [await call()],
    dispose: () => softmax.dispose(),
  };
  return {
    tasks: async (name) => (name === "softmax" ? [trip] : name === "expectation" ? [meanTask(samples)] : []),
    dispose: () => {},
  };
}

interface Compiled {
  (...inputs: np.Array[]): unknown;
  dispose(): void;
}

function taskOf(compiled: unknown, inputs: () => np.Array[], note: string): Task {
  const compute = compiled as Compiled;
  const call = () => [compute(...inputs())].flat() as np.Array[];
  const free = (results: readonly np.Array[]) => {
    for (const result of results) result.dispose();
  };
  // Calls are lazy; waiting for each result is what dispatches them.
  const ready = (results: readonly (readonly np.Array[])[]) =>
    Promise.all(results.flat().map((result) => result.blockUntilReady()));
  const one = call();
  const resultBytes = one.reduce((sum, { size }) => sum + 4 * size, 0);
  free(one);
  const device = defaultDevice() === "webgpu" ? getWebGPUDevice() : undefined;
  const inTurn = async () => {
    const results = call();
    await ready([results]);
    return results;
  };
  return {
    note,
    resultBytes,
    run: device ? onDevice(device, { call, flush: ready, free }) : oneByOne(inTurn, free),
    answer: async (): Promise<Answer> =>
      Promise.all(call().map(async (result) => (await result.data()) as Float32Array)),
    dispose: () => compute.dispose(),
  };
}
