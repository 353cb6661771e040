import { createServer } from "vite";
import { embedWgsl } from "../scripts/wgsl.mjs";
import { define, root } from "./packages.mjs";

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
    define,
    optimizeDeps: {
      entries: ["bench/index.html", "bench/unit.html"],
      include: [
        "@jax-js/jax",
        "@tensorflow/tfjs",
        "@tensorflow/tfjs-backend-webgpu",
        "@tensorflow/tfjs-backend-wasm",
        "@stdlib/random-base-normal",
        "@stdlib/stats-base-dists-normal-logpdf",
        "@stdlib/stats-strided-dmean",
        "lit",
      ],
      exclude: ["onnxruntime-web"],
    },
    server: {
      host: "127.0.0.1",
      port: 0,
      // A file saved in the middle of a run must not reload the page.
      hmr: false,
      watch: null,
      // Isolation gives performance.now() its finest resolution, and WebAssembly its threads.
      headers: { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" },
    },
  });
  await server.listen();
  const [url = ""] = server.resolvedUrls?.local ?? [];
  return {
    url: `${url}bench/`,
    /** A module of the benchmark that needs no page. @param {string} path */
    load: (path) => server.ssrLoadModule(`/bench/${path}`),
    close: () => server.close(),
  };
}

/**
 * A module of the benchmark that needs no page, without a server.
 * @template T
 * @param {string} path
 * @param {(module: Record<string, any>) => T | Promise<T>} use
 */
export async function withModule(path, use) {
  const server = await createServer({
    configFile: false,
    root,
    appType: "custom",
    logLevel: "error",
    plugins: [embedWgsl],
    define,
    optimizeDeps: { noDiscovery: true },
    server: { middlewareMode: true, ws: false, watch: null },
  });
  try {
    return await use(await server.ssrLoadModule(`/bench/${path}`));
  } finally {
    await server.close();
  }
}
