import { defaultDevice, getWebGPUDevice, type numpy as np } from "@jax-js/jax";
import type { Answer } from "../cases/problem.ts";
import { onDevice, oneByOne } from "../harness/runs.ts";
import type { Task } from "./contestant.ts";

export type Device = "webgpu" | "wasm";

interface Compiled {
  (...inputs: np.Array[]): unknown;
  dispose(): void;
}

/** A compiled function on inputs that stay; what it gives stays where it was made. */
export function taskOf(compiled: unknown, inputs: () => np.Array[], note: string): Task {
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
