import * as tf from "@tensorflow/tfjs";
import type { GaussianProblem, Problem, RowProblem, SampleProblem, TripProblem } from "../cases/problem.ts";
import { oneByOne } from "../harness/runs.ts";
import type { Loaded, Task } from "./contestant.ts";
import { type Call, gaussianCall, gradientWays, lossWays, rowCalls } from "./tensorflow-calls.ts";

/** What differs between TensorFlow.js's backends. */
export interface Backend {
  /** Puts a tensor where the backend computes: the first use would do that otherwise, inside the first timed call. */
  upload<T extends tf.Tensor>(tensor: T): T;
  run(call: Call): Task["run"];
  /** Whether `tf.sum` takes minutes over many short rows. */
  readonly slowSums: boolean;
}

/** A problem on the backend that is set. */
export function loadTensorflow(backend: Backend, problem: Problem): Loaded {
  if (problem.group === "rows") return loadRows(backend, problem);
  if (problem.group === "gaussian") return loadGaussian(backend, problem);
  if (problem.group === "monte-carlo") return { tasks: async () => [meanTask(backend, problem)], dispose: () => {} };
  return loadTrips(backend, problem);
}

function loadRows(backend: Backend, { logits, targets, rows, classes }: RowProblem): Loaded {
  const x = backend.upload(tf.tensor2d(logits, [rows, classes]));
  const held: tf.Tensor[] = [x];
  let hot: tf.Tensor2D | undefined;
  // Made outside of any timed span.
  const oneHot = () => {
    hot ??= keep(
      held,
      tf.tidy(() => tf.oneHot(tf.tensor1d(targets, "int32"), classes).toFloat() as tf.Tensor2D),
    );
    return hot;
  };
  const places = () => keep(held, backend.upload(tf.tensor2d(pairs(targets), [rows, 2], "int32")));
  const bytes = 4 * rows * classes;
  return {
    tasks: async (name) => {
      if (name === "crossEntropy") return lossWays(x, oneHot(), places()).map((way) => taskOf(backend, way, 4 * rows));
      if (name === "crossEntropyWithGradient") {
        return gradientWays(x, oneHot()).map((way) => taskOf(backend, way, 2 * bytes));
      }
      const way = rowCalls(x)[name];
      return way ? [taskOf(backend, way, 2 * bytes)] : [];
    },
    dispose: () => tf.dispose(held),
  };
}

function keep<T extends tf.Tensor>(held: tf.Tensor[], tensor: T): T {
  held.push(tensor);
  return tensor;
}

function pairs(targets: Int32Array): Int32Array {
  return Int32Array.from({ length: targets.length * 2 }, (_, k) =>
    k % 2 === 0 ? k / 2 : (targets[(k - 1) / 2] as number),
  );
}

function loadGaussian(backend: Backend, problem: GaussianProblem): Loaded | never {
  if (problem.form === "matrix") throw new Error("has no Cholesky factorisation");
  const { rows, dimensions } = problem;
  const x = backend.upload(tf.tensor2d(problem.x, [rows, dimensions]));
  const held: tf.Tensor[] = [x];
  const ways = gaussianCall(problem, x, (tensor) => keep(held, backend.upload(tensor)), backend.slowSums);
  return {
    tasks: async () => ways.map((way) => taskOf(backend, way, 8 * rows * dimensions)),
    dispose: () => tf.dispose(held),
  };
}

const integrands: Readonly<Record<SampleProblem["integrand"], (x: tf.Tensor, slowSums: boolean) => tf.Tensor>> = {
  "x²": (x) => tf.square(x),
  "x > 2": (x) => tf.greater(x, 2).toFloat(),
  "exp(Σx/10)": (x, slowSums) => {
    const sums = slowSums ? tf.matMul(x as tf.Tensor2D, tf.ones([x.shape[1] ?? 1, 1])) : tf.sum(x, -1);
    return tf.exp(tf.mul(sums, 0.1));
  },
};

function meanTask({ slowSums }: Backend, { integrand, dimensions, samples }: SampleProblem): Task {
  const f = integrands[integrand];
  const shape = dimensions === 1 ? [samples] : [samples, dimensions];
  let seed = 0;
  const call = async () => {
    seed += 1;
    const mean = tf.tidy(() => tf.mean(f(tf.randomNormal(shape, 0, 1, "float32", seed), slowSums)));
    const values = await mean.data();
    mean.dispose();
    return values;
  };
  return {
    note: "its normals are made by JavaScript, the mean alone",
    resultBytes: 0,
    run: oneByOne(call),
    answer: async () => [await call()],
    dispose: () => {},
  };
}

function loadTrips(backend: Backend, { rows: { logits, rows, classes }, samples }: TripProblem): Loaded {
  const call = async () => {
    const y = tf.tidy(() => tf.softmax(tf.tensor2d(logits, [rows, classes])));
    const values = await y.data();
    y.dispose();
    return values;
  };
  const trip: Task = { resultBytes: 0, run: oneByOne(call), answer: async () => [await call()], dispose: () => {} };
  return {
    tasks: async (name) => (name === "softmax" ? [trip] : name === "expectation" ? [meanTask(backend, samples)] : []),
    dispose: () => {},
  };
}

function taskOf(backend: Backend, way: Call, resultBytes: number): Task {
  return {
    note: way.note,
    resultBytes,
    run: backend.run(way),
    answer: async () => {
      const tensors = tf.tidy(way.call);
      const values = await Promise.all(tensors.map((tensor) => tensor.data()));
      tf.dispose(tensors);
      return values as Float32Array[];
    },
    dispose: () => {},
  };
}
