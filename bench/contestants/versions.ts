/** Packages that take part, by the names that records know them by. */
export type Package = "surprisal" | "jax" | "tensorflow" | "tensorflowWasm" | "onnx" | "stdlib";

/** Versions of the packages that take part, which whoever builds the page reads from their package.json files. */
export const versions: Readonly<Record<Package, string>> = JSON.parse(import.meta.env.VITE_BENCH_VERSIONS);
