import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, preview } from "vite";
import type { TestProject } from "vitest/node";

const configFile = fileURLToPath(new URL("../../vite.config.ts", import.meta.url));

/**
 * As strict as a host may want it: no inline script or style, no eval, nothing from elsewhere. Without 'wasm-unsafe-eval' the CPU
 * engine would compute in JavaScript, without blob: workers on the page's own thread.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src blob:",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types lit-html surprisal",
].join("; ");

declare module "vitest" {
  interface ProvidedContext {
    /** Where the demo pages are served. */
    demos: string;
  }
}

/** Before the tests: the demo pages as they are shipped, built, and served under a strict content security policy. */
export default async function serveDemos(project: TestProject): Promise<() => Promise<void>> {
  const outDir = await mkdtemp(join(tmpdir(), "surprisal-demos-"));
  await build({ configFile, logLevel: "error", build: { outDir, emptyOutDir: true } });
  const server = await preview({
    configFile,
    logLevel: "error",
    build: { outDir },
    preview: { port: 0, host: "127.0.0.1", headers: { "Content-Security-Policy": contentSecurityPolicy } },
  });
  const address = server.httpServer.address();
  if (address === null || typeof address === "string") throw new Error("serveDemos: the preview server has no port");
  project.provide("demos", `http://127.0.0.1:${address.port}/`);
  return async () => {
    await server.close();
    await rm(outDir, { recursive: true, force: true });
  };
}
