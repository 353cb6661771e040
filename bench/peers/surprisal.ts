import { crossEntropy, Engine, logSoftmax, logSumExp, softmax, type Tensor } from "../../src/index.ts";
import type { FunctionName, Library, Task } from "../library.ts";
import type { Problem } from "../problem.ts";
import { versions } from "../versions.ts";

export interface Ours extends Library {
  readonly engine: Engine;
}

/** Our own library, as a contestant among others. */
export async function surprisal(): Promise<Ours> {
  const engine = await Engine.create({ backend: "webgpu" });
  const { device } = engine;
  if (!device) throw new Error("surprisal: the engine has no device");
  return {
    name: "surprisal",
    version: versions.surprisal,
    device,
    engine,
    load: async (problem) => load(engine, problem),
  };
}

function load(engine: Engine, problem: Problem) {
  const logits = engine.tensor(problem.logits, [problem.rows, problem.classes]);
  const targets = engine.tensor(problem.targets, [problem.rows]);
  const calls: Record<FunctionName, () => Tensor> = {
    softmax: () => softmax(logits),
    logSoftmax: () => logSoftmax(logits),
    logSumExp: () => logSumExp(logits),
    crossEntropy: () => crossEntropy(logits, targets),
  };
  return {
    task: async (name: FunctionName) => taskOf(calls[name]),
    dispose: () => {
      logits.dispose();
      targets.dispose();
    },
  };
}

/** Calls of ours have submitted their work when they return. */
export function taskOf(call: () => Tensor): Task<Tensor> {
  return {
    call,
    flush: async () => {},
    read: async (result) => (await result.read()) as Float32Array,
    free: (result) => result.dispose(),
    dispose: () => {},
  };
}
