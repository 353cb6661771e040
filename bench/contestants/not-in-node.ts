import type { Contestant } from "./contestant.ts";

// What stands for these contestants in the program for Node.

function absent(reason: string): () => Promise<Contestant> {
  return async () => {
    throw new Error(`not in Node: ${reason}`);
  };
}

export const onnxWebgpu = absent("its runtime fetches its WebAssembly from a server");
export const onnxWasm = absent("its runtime fetches its WebAssembly from a server");
export const tensorflowWasm = absent("its runtime fetches its WebAssembly from a server");
