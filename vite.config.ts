import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// Isolation gives performance.now() its finest resolution, and the CPU engine SharedArrayBuffer.
export const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

const pages = ["index.html", ...readdirSync(at("demos")).map((name) => `${name}/index.html`)]
  .map((page) => at(`demos/${page}`))
  .filter(existsSync);

export default defineConfig({
  root: at("demos"),
  base: "./",
  appType: "mpa",
  server: { headers: isolation, fs: { allow: [at(".")] } },
  preview: { headers: isolation },
  build: {
    outDir: at("dist-demos"),
    emptyOutDir: true,
    target: "es2022",
    rolldownOptions: { input: pages },
  },
});
