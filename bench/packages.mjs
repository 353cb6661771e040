import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** The packages that take part, by the names that records know them by. */
const packages = {
  jax: "@jax-js/jax",
  tensorflow: "@tensorflow/tfjs-backend-webgpu",
  tensorflowWasm: "@tensorflow/tfjs-backend-wasm",
  onnx: "onnxruntime-web",
  stdlib: "@stdlib/stats-base-dists-normal-logpdf",
};

/** Their versions, by those names: what pages are built with. */
export const versions = {
  surprisal: versionOf("."),
  ...Object.fromEntries(Object.entries(packages).map(([key, name]) => [key, versionOf(`node_modules/${name}`)])),
};

/** Their versions, by the packages' own names: what records say. */
export const packageVersions = {
  surprisal: versions.surprisal,
  ...Object.fromEntries(Object.entries(packages).map(([, name]) => [name, versionOf(`node_modules/${name}`)])),
};

/** What both the pages and the program for Node are built with. */
export const define = { "import.meta.env.VITE_BENCH_VERSIONS": JSON.stringify(JSON.stringify(versions)) };

/** @param {string} folder */
function versionOf(folder) {
  return JSON.parse(readFileSync(`${root}${folder}/package.json`, "utf8")).version;
}
