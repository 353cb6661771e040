export { gaussianKernel as wasm } from "./kernel.ts";
export { gaussianReference as reference } from "./reference.ts";
