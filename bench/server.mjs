import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createServer } from "vite";
import { embedWgsl } from "../scripts/wgsl.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
/** The peers that take part, by the names that the page knows them by. */
export const packages = {
  jax: "@jax-js/jax",
  tensorflow: "@tensorflow/tfjs-backend-webgpu",
  onnx: "onnxruntime-web",
};

/** Versions of the packages that take part. */
export const versions = {
  surprisal: versionOf("."),
  ...Object.fromEntries(Object.entries(packages).map(([key, name]) => [key, versionOf(`node_modules/${name}`)])),
};

/** Serves the repository, the benchmark page at /bench/, on a free port of this machine. */
export async function serve() {
  const server = await createServer({
    configFile: false,
    root,
    appType: "mpa",
    logLevel: "warn",
    plugins: [embedWgsl],
    // Tests may run at the same time, with other dependencies.
    cacheDir: `${root}node_modules/.vite-bench`,
    define: { "import.meta.env.VITE_BENCH_VERSIONS": JSON.stringify(JSON.stringify(versions)) },
    optimizeDeps: {
      entries: ["bench/index.html"],
      include: ["@jax-js/jax", "@tensorflow/tfjs", "@tensorflow/tfjs-backend-webgpu"],
      exclude: ["onnxruntime-web"],
    },
    server: {
      host: "127.0.0.1",
      port: 0,
      // A file saved in the middle of a run must not reload the page.
      hmr: false,
      watch: null,
      // Isolation gives performance.now() its finest resolution.
      headers: { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" },
    },
  });
  await server.listen();
  const [url = ""] = server.resolvedUrls?.local ?? [];
  return { url: `${url}bench/`, close: () => server.close() };
}

/** @param {string} folder */
function versionOf(folder) {
  return JSON.parse(readFileSync(`${root}${folder}/package.json`, "utf8")).version;
}
