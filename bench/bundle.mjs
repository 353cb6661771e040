import { fileURLToPath } from "node:url";
import { build } from "vite";
import { embedWgsl } from "../scripts/wgsl.mjs";
import { define, packageVersions, root } from "./packages.mjs";

/**
 * Makes dist-bench/NAME.mjs of a module of this folder, or dist-bench/NAME/main.mjs and what it loads; neither needs anything but Node and
 * the npm package "webgpu".
 *
 * @param {string} entry
 * @param {string} name
 * @param {{ single: boolean, replaced?: Record<string, string>, treeshake?: boolean }} options whether it is one file, which can be carried
 * elsewhere; modules of this folder in place of packages; whether what nothing imports from is left out
 * @returns {Promise<string>} the file's path
 */
export async function bundle(entry, name, { single, replaced = {}, treeshake = true }) {
  const folder = single ? `${root}dist-bench` : `${root}dist-bench/${name}`;
  const file = single ? `${name}.mjs` : "main.mjs";
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
        ...Object.entries(replaced).map(([find, module]) => ({
          find,
          replacement: fileURLToPath(new URL(module, import.meta.url)),
        })),
      ],
    },
    ssr: { noExternal: true, target: "node" },
    build: {
      ssr: fileURLToPath(new URL(entry, import.meta.url)),
      target: "es2022",
      outDir: folder,
      emptyOutDir: !single,
      minify: false,
      rolldownOptions: {
        treeshake,
        output: {
          entryFileNames: file,
          codeSplitting: !single,
          // For packages that are CommonJS at heart.
          banner: `import { createRequire as benchRequire } from "node:module";
const require = benchRequire(import.meta.url);
const __dirname = import.meta.dirname ?? ".";
`,
        },
      },
    },
  });
  return `${folder}/${file}`;
}
