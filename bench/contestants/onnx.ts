import type { InferenceSession, Tensor } from "onnxruntime-web";
import type { GaussianProblem, Problem, RowProblem, TripProblem } from "../cases/problem.ts";
import { oneHot } from "../cases/rows.ts";
import { oneByOne } from "../harness/runs.ts";
import type { Loaded, Task } from "./contestant.ts";
import { encodeModel } from "./onnx-model.ts";
import { gaussianWays, meanWay, rowWays, type Way } from "./onnx-models.ts";

/** What differs between ONNX Runtime Web's execution providers. */
export interface Provider {
  open(model: Uint8Array): Promise<InferenceSession>;
  /** Data of a model, where it computes. */
  tensor(values: Float32Array | Int32Array, shape: readonly number[]): Tensor;
  /** A tensor of the host, to be taken along by a call. */
  hostTensor(values: Float32Array, shape: readonly number[]): Tensor;
  run(call: () => Promise<readonly Tensor[]>): Task["run"];
}

/** A problem as models and their data. */
export function loadOnnx(provider: Provider, problem: Problem): Loaded | undefined {
  if (problem.group === "rows") return loadRows(provider, problem);
  if (problem.group === "gaussian") return loadGaussian(provider, problem);
  if (problem.group === "latency") return loadTrips(provider, problem);
  return {
    tasks: async () => [await taskOf(provider, meanWay(problem), {}, 0, true)],
    dispose: () => {},
  };
}

function loadRows(provider: Provider, problem: RowProblem): Loaded {
  const { logits, targets, rows, classes } = problem;
  const data: Record<string, Tensor> = { x: provider.tensor(logits, [rows, classes]) };
  const makers: Readonly<Record<string, () => Tensor>> = {
    ids: () => provider.tensor(targets, [rows, 1]),
    hot: () => provider.tensor(oneHot(problem), [rows, classes]),
  };
  const writes = ["softmax", "logSoftmax", "crossEntropyWithGradient"];
  return {
    tasks: (name) => {
      const bytes = 4 * rows * (writes.includes(name) ? classes : 1);
      return Promise.all(
        rowWays(problem, name).map((way) => {
          for (const input of Object.keys(way.model.inputs)) data[input] ??= makers[input]?.() as Tensor;
          return taskOf(provider, way, data, bytes);
        }),
      );
    },
    dispose: () => disposeAll(data),
  };
}

function loadGaussian(provider: Provider, problem: GaussianProblem): Loaded {
  if (problem.form === "matrix") throw new Error("has no Cholesky factorisation");
  const { rows, dimensions: d, mean, std } = problem;
  const data = {
    x: provider.tensor(problem.x, [rows, d]),
    mean: provider.tensor(Float32Array.from(mean), [d]),
    rate: provider.tensor(
      Float32Array.from(std, (value) => 1 / value),
      [d],
    ),
  };
  return {
    tasks: () => Promise.all(gaussianWays(problem).map((way) => taskOf(provider, way, data, 4 * rows * d))),
    dispose: () => disposeAll(data),
  };
}

function loadTrips(provider: Provider, { rows: problem, samples }: TripProblem): Loaded {
  const { logits, rows, classes } = problem;
  return {
    tasks: async (name) => {
      if (name === "expectation") return [await taskOf(provider, meanWay(samples), {}, 0, true)];
      const [way] = name === "softmax" ? rowWays(problem, "softmax") : [];
      if (!way) return [];
      const session = await provider.open(encodeModel(way.model));
      return [tripTask(session, () => ({ x: provider.hostTensor(logits, [rows, classes]) }), way)];
    },
    dispose: () => {},
  };
}

/** From the host's array to the host's array. */
function tripTask(session: InferenceSession, feeds: () => Record<string, Tensor>, { note }: Way): Task {
  const call = async () => {
    const { y } = await session.run(feeds());
    if (!y) throw new Error("the model gave no y");
    const values = (await y.getData()) as Float32Array;
    y.dispose();
    return values;
  };
  return {
    note,
    resultBytes: 0,
    run: oneByOne(call),
    answer: async () => [await call()],
    dispose: () => void session.release(),
  };
}

async function taskOf(
  provider: Provider,
  way: Way,
  data: Readonly<Record<string, Tensor>>,
  resultBytes: number,
  read = false,
): Promise<Task> {
  const session = await provider.open(encodeModel(way.model));
  const feeds = Object.fromEntries(Object.keys(way.model.inputs).map((name) => [name, data[name] as Tensor]));
  if (read) return tripTask(session, () => feeds, way);
  const names = Object.keys(way.model.outputs);
  let last: Promise<unknown> = Promise.resolve();
  // A session refuses a second run before the first has returned.
  const call = () => {
    const results = last.then(async () => {
      const outputs = await session.run(feeds);
      return names.map((name) => outputs[name] as Tensor);
    });
    last = results.catch(() => {});
    return results;
  };
  return {
    note: way.note,
    resultBytes,
    run: provider.run(call),
    answer: async () => {
      const tensors = await call();
      const values = await Promise.all(tensors.map(async (tensor) => (await tensor.getData()) as Float32Array));
      for (const tensor of tensors) tensor.dispose();
      return values;
    },
    dispose: () => void session.release(),
  };
}

function disposeAll(tensors: Readonly<Record<string, Tensor>>): void {
  for (const tensor of Object.values(tensors)) tensor.dispose();
}
