import { defaultDevice, getWebGPUDevice, init, jit, nn, numpy as np } from "@jax-js/jax";
import type { FunctionName, Library, Task } from "../library.ts";
import type { Problem } from "../problem.ts";
import { versions } from "../versions.ts";

const bodies: Partial<Record<FunctionName, (x: np.Array) => np.Array>> = {
  softmax: (x) => nn.softmax(x, -1),
  logSoftmax: (x) => nn.logSoftmax(x, -1),
  logSumExp: (x) => nn.logsumexp(x, -1),
};

/** jax-js, each function under `jit`. */
export async function jax(): Promise<Library> {
  const ready = await init("webgpu");
  if (!ready.includes("webgpu")) throw new Error("jax-js: no webgpu device");
  defaultDevice("webgpu");
  return { name: "jax-js (jit)", version: versions.jax, device: getWebGPUDevice(), load };
}

async function load({ logits, rows, classes }: Problem) {
  const x = np.array(logits, { shape: [rows, classes], device: "webgpu" });
  await x.blockUntilReady();
  return {
    task: async (name: FunctionName): Promise<Task<np.Array> | undefined> => {
      const body = bodies[name];
      return body && taskOf(jit(body), x);
    },
    dispose: () => x.dispose(),
  };
}

function taskOf(compiled: ReturnType<typeof jit<(x: np.Array) => np.Array>>, x: np.Array): Task<np.Array> {
  return {
    call: () => compiled(x.ref),
    // Calls are lazy; waiting for each result is what dispatches them.
    flush: async (results) => {
      await Promise.all(results.map((result) => result.blockUntilReady()));
    },
    read: async (result) => (await result.ref.data()) as Float32Array,
    free: (result) => result.dispose(),
    dispose: () => compiled.dispose(),
  };
}
