import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { install } from "./install.mjs";

install();
const { build, createServer } = await import("vite");
const { embedWgsl } = await import("./wgsl.mjs");
const at = (/** @type {string} */ path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

await buildLibrary();
declareTypes();
await writeShaders();
if (existsSync(at("demos/index.html"))) await build({ configFile: at("vite.config.ts") });

/** dist/*.js: an entry point each, and what they load on demand. */
async function buildLibrary() {
  const entries = {
    index: at("src/index.ts"),
    expression: at("src/expression/index.ts"),
    robotics: at("src/robotics/index.ts"),
  };
  await build({
    configFile: false,
    root: at("."),
    plugins: [embedWgsl],
    build: {
      target: "es2022",
      outDir: at("dist"),
      emptyOutDir: true,
      copyPublicDir: false,
      minify: false,
      sourcemap: true,
      lib: { entry: entries, formats: ["es"] },
      rolldownOptions: {
        external: [/^lit($|\/)/, /^@lit\//],
        // A module a file, so that a bundler can leave out what a page does not use.
        output: { preserveModules: true, preserveModulesRoot: at("src"), entryFileNames: "[name].js" },
      },
    },
  });
}

/** dist/*.d.ts, importing each other as .js: what a consumer of the package resolves. */
function declareTypes() {
  const tsc = at("node_modules/typescript/bin/tsc");
  const emit = ["--noEmit", "false", "--declaration", "--emitDeclarationOnly", "--outDir", at("dist")];
  const args = [tsc, "--project", at("tsconfig.build.json"), ...emit];
  const { status } = spawnSync(process.execPath, args, { stdio: "inherit" });
  if (status !== 0) process.exit(1);
  for (const file of readdirSync(at("dist"), { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".d.ts")) continue;
    const path = join(at("dist"), file);
    const text = readFileSync(path, "utf8");
    if (text.includes("<reference types=")) throw new Error(`${file}: a types reference is forced on every consumer`);
    writeFileSync(path, text.replace(/(from\s+"|import\(")(\.{1,2}\/[^"]+)\.ts"/g, '$1$2.js"'));
  }
}

/** dist/shaders/*.wgsl: each kernel as a complete module, in the layout that a GPU gets for 64 rows of 1,024 values. */
async function writeShaders() {
  const server = await createServer({
    configFile: false,
    root: at("."),
    appType: "custom",
    logLevel: "error",
    optimizeDeps: { noDiscovery: true },
    server: { middlewareMode: true, ws: false, watch: null },
  });
  const robotics = await server.ssrLoadModule("/src/robotics/index.ts");
  const library = Object.assign({}, await server.ssrLoadModule("/src/index.ts"), robotics, ...Object.values(robotics));
  const { assembledKernels } = await server.ssrLoadModule("/src/published/assembled.ts");
  mkdirSync(at("dist/shaders"), { recursive: true });
  for (const { name, code } of assembledKernels(library)) writeFileSync(at(`dist/shaders/${name}.wgsl`), code);
  await server.close();
}
