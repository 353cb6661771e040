import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { embedWgsl } from "../scripts/wgsl.mjs";
import { define, packageVersions, root } from "./packages.mjs";

// npm run bench:node -- [--build] [what dist-bench/node.mjs takes]
//
// Makes dist-bench/node.mjs, one file that needs nothing but Node and the npm package "webgpu", and unless --build is
// given runs it.

const file = `${root}dist-bench/node.mjs`;
const args = process.argv.slice(2);

await build({
  configFile: false,
  root,
  logLevel: "warn",
  plugins: [embedWgsl],
  define: { ...define, "import.meta.env.VITE_BENCH_PACKAGES": JSON.stringify(JSON.stringify(packageVersions)) },
  resolve: {
    alias: [
      {
        find: /^\.\/(onnx-webgpu|onnx-wasm|tensorflow-wasm)\.ts$/,
        replacement: fileURLToPath(new URL("contestants/not-in-node.ts", import.meta.url)),
      },
    ],
  },
  ssr: { noExternal: true, target: "node" },
  build: {
    ssr: fileURLToPath(new URL("node/main.ts", import.meta.url)),
    target: "es2022",
    outDir: `${root}dist-bench`,
    emptyOutDir: true,
    minify: false,
    rolldownOptions: {
      output: {
        entryFileNames: "node.mjs",
        codeSplitting: false,
        // For packages that are CommonJS at heart.
        banner: `import { createRequire as benchRequire } from "node:module";
const require = benchRequire(import.meta.url);
const __dirname = import.meta.dirname ?? ".";
`,
      },
    },
  },
});

if (!args.includes("--build")) {
  const out = args.includes("--record") && !args.includes("--out") ? ["--out", `${root}bench/results`] : [];
  const { status } = spawnSync(process.execPath, [file, ...args, ...out], {
    stdio: "inherit",
    env: { ...process.env, ...softwareAdapter() },
  });
  process.exitCode = status ?? 1;
}

/** Dawn finds no adapter of its own on a machine without a GPU; Chromium brings one along. */
function softwareAdapter() {
  const driver = "/usr/lib/chromium/vk_swiftshader_icd.json";
  const graphics = existsSync("/dev/dri") || existsSync("/dev/nvidiactl") || process.env.VK_ICD_FILENAMES;
  return graphics || !existsSync(driver) ? {} : { VK_ICD_FILENAMES: driver };
}
