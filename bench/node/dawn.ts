import { createRequire } from "node:module";
import { cpus } from "node:os";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

interface Dawn {
  create(flags: readonly string[]): GPU;
  readonly globals: Readonly<Record<string, unknown>>;
}

/**
 * Gives the process what a browser has: `navigator.gpu` and WebGPU's global names; without Dawn, a navigator without gpu.
 *
 * @returns what keeps Dawn's instance alive: its collection would crash the process
 */
export async function provideGpu(path: string | undefined): Promise<() => void> {
  const dawn = await load(path);
  const gpu = dawn?.create([]);
  if (dawn) Object.assign(globalThis, dawn.globals);
  const navigator = { gpu, hardwareConcurrency: cpus().length, userAgent: `Node.js/${process.versions.node}` };
  Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true, writable: true });
  return () => void gpu;
}

async function load(path: string | undefined): Promise<Dawn | undefined> {
  if (path?.endsWith(".node")) return createRequire(import.meta.url)(resolve(path)) as Dawn;
  // A name that the bundler does not look into.
  const name = path === undefined ? "webgpu" : pathToFileURL(resolve(path, "index.js")).href;
  try {
    return (await import(/* @vite-ignore */ name)) as Dawn;
  } catch (error) {
    if (path !== undefined) throw error;
    console.error(
      `There is no WebGPU here, so only the CPU takes part: ${error instanceof Error ? error.message : error}`,
    );
    return undefined;
  }
}
