/** Versions of the packages that take part, which the server reads from their package.json files. */
export const versions: Readonly<Record<"surprisal" | "jax" | "tensorflow" | "onnx", string>> = JSON.parse(
  import.meta.env.VITE_BENCH_VERSIONS,
);
