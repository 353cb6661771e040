import { defaultDevice, getWebGPUDevice, init, jit, nn, numpy as np } from "@jax-js/jax";
import type { FunctionName, Library, Task } from "../library.ts";
import type { Problem } from "../problem.ts";
import { versions } from "../versions.ts";

const bodies: Record<FunctionName, (x: np.Array) => np.Array> = {
  softmax: (x) => nn.softmax(x, -1),
  logSoftmax: (x) => nn.logSoftmax(x, -1),
  logSumExp: (x) => nn.logsumexp(x, -1),
  crossEntropy: (x) => nn.logsumexp(x, -1),
};

/** There is no cross-entropy over class ids; its first half is a lower bound of what one would take. */
const standIn = { computes: "logSumExp", note: "logsumexp alone" } as const;

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
    task: async (name: FunctionName) => ({
      ...taskOf(jit(bodies[name]), x),
      ...(name === "crossEntropy" ? standIn : {}),
    }),
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
