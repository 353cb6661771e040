import {
  crossEntropy,
  crossEntropyWithGradient,
  type Engine,
  entropy,
  expectation,
  gaussianLogDensity,
  logSoftmax,
  logSumExp,
  multivariateNormal,
  normal,
  softmax,
  type Tensor,
} from "../../src/index.ts";
import type { GaussianProblem, Problem, RowProblem, SampleProblem, TripProblem } from "../cases/problem.ts";
import { onDevice, oneByOne } from "../harness/runs.ts";
import type { Loaded, Task } from "./contestant.ts";

/** A problem on an engine, whichever its backend. */
export function loadOurs(engine: Engine, problem: Problem): Loaded {
  if (problem.group === "rows") return loadRows(engine, problem);
  if (problem.group === "gaussian") return loadGaussian(engine, problem);
  if (problem.group === "monte-carlo") return { tasks: async () => [meanTask(engine, problem)], dispose: () => {} };
  return loadTrips(engine, problem);
}

function loadRows(engine: Engine, problem: RowProblem): Loaded {
  const { rows, classes } = problem;
  const x = engine.tensor(problem.logits, [rows, classes]);
  const targets = engine.tensor(problem.targets, [rows]);
  const calls: Readonly<Record<string, () => readonly Tensor[]>> = {
    softmax: () => [softmax(x)],
    logSoftmax: () => [logSoftmax(x)],
    logSumExp: () => [logSumExp(x)],
    crossEntropy: () => [crossEntropy(x, targets)],
    crossEntropyWithGradient: () => {
      const { loss, gradient } = crossEntropyWithGradient(x, targets);
      return [loss, gradient];
    },
    entropy: () => [entropy(x)],
  };
  return loadedWith(engine, calls, [x, targets]);
}

function loadGaussian(engine: Engine, problem: GaussianProblem): Loaded {
  const { rows, dimensions: d, form, mean, std } = problem;
  const x = engine.tensor(problem.x, [rows, d]);
  if (form === "diagonal") {
    return loadedWith(engine, { gaussianLogDensity: () => [gaussianLogDensity(x, { mean, std })] }, [x]);
  }
  const covariance = engine.tensor(problem.covariance, [rows, d, d]);
  const calls = { gaussianLogDensity: () => [gaussianLogDensity(x, { mean, covariance })] };
  return loadedWith(engine, calls, [x, covariance]);
}

function loadedWith(
  engine: Engine,
  calls: Readonly<Record<string, () => readonly Tensor[]>>,
  held: readonly Tensor[],
): Loaded {
  return {
    tasks: async (name) => {
      const call = calls[name];
      return call ? [tensorTask(engine, call)] : [];
    },
    dispose: () => {
      for (const tensor of held) tensor.dispose();
    },
  };
}

/** A task whose calls give tensors that stay where they were made. */
export function tensorTask({ device }: Engine, call: () => readonly Tensor[]): Task {
  const free = (tensors: readonly Tensor[]) => {
    for (const tensor of tensors) tensor.dispose();
  };
  const one = call();
  const resultBytes = one.reduce((sum, { size }) => sum + 4 * size, 0);
  free(one);
  const inTurn = async () => {
    const tensors = call();
    // Where the CPU engine has them: a read would copy them.
    for (const { storage } of tensors) await storage.cell?.held.allocation;
    return tensors;
  };
  return {
    resultBytes,
    run: device ? onDevice(device, { call, free }) : oneByOne(inTurn, free),
    answer: async () => {
      const tensors = call();
      const values = await Promise.all(tensors.map((tensor) => tensor.read()));
      free(tensors);
      return values;
    },
    dispose: () => {},
  };
}

/** Each call with another seed; mean, variance, higher moments and an error bar come with it. */
export function meanTask(engine: Engine, { formula, dimensions, samples }: SampleProblem): Task {
  const zeros = new Array<number>(dimensions).fill(0);
  const under = dimensions === 1 ? normal(0, 1) : multivariateNormal({ mean: zeros, std: zeros.map(() => 1) });
  let seed = 0;
  const call = () => {
    seed += 1;
    return expectation(engine, { of: formula, under, samples, seed });
  };
  return {
    note: "mean, moments and error bar",
    resultBytes: 0,
    run: oneByOne(call),
    answer: async () => [[(await call()).mean]],
    dispose: () => {},
  };
}

function loadTrips(engine: Engine, { rows, samples }: TripProblem): Loaded {
  const there = async () => {
    const x = engine.tensor(rows.logits, [rows.rows, rows.classes]);
    const y = softmax(x);
    const values = await y.read();
    x.dispose();
    y.dispose();
    return values;
  };
  const number = async () => {
    const x = engine.tensor([1], [1]);
    const values = await x.read();
    x.dispose();
    return values;
  };
  const trip = (call: () => Promise<ArrayLike<number>>): Task => ({
    resultBytes: 0,
    run: oneByOne(call),
    answer: async () => [await call()],
    dispose: () => {},
  });
  const tasks: Readonly<Record<string, () => Task>> = {
    softmax: () => trip(there),
    expectation: () => meanTask(engine, samples),
    empty: () => trip(number),
  };
  return {
    tasks: async (name) => {
      const task = tasks[name];
      return task ? [task()] : [];
    },
    dispose: () => {},
  };
}
