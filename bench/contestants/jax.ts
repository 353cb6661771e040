import { defaultDevice, getWebGPUDevice, init, jit, nn, numpy as np, random } from "@jax-js/jax";
import type { Problem, SampleProblem, TripProblem } from "../cases/problem.ts";
import { oneByOne } from "../harness/runs.ts";
import type { Contestant, Loaded, Task } from "./contestant.ts";
import { sharedThreads } from "./cores.ts";
import { loadGaussian } from "./jax-gaussian.ts";
import { loadRows } from "./jax-rows.ts";
import type { Device } from "./jax-task.ts";
import { versions } from "./versions.ts";

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
