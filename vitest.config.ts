import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { puppeteer } from "./test/support/puppeteer-provider.ts";
import { isolation } from "./vite.config.ts";

const root = fileURLToPath(new URL(".", import.meta.url));

/** The test files of a folder: all of them, or in `npm run test:exhaustive` those that have more to try there. */
function testsIn(folder: string, mode: string): string[] {
  const files = readdirSync(root + folder, { recursive: true, encoding: "utf8" });
  const paths = files.filter((name) => name.endsWith(".test.ts")).map((name) => `${folder}/${name}`);
  if (mode !== "exhaustive") return paths;
  return paths.filter((path) => readFileSync(root + path, "utf8").includes("/support/exhaustive.ts"));
}

const workers = Math.min(4, availableParallelism());

export default defineConfig(({ mode }) => ({
  test: {
    reporters: ["default", "./test/support/tally-reporter.ts"],
    projects: [
      {
        mode,
        test: {
          name: "unit",
          environment: "node",
          include: testsIn("test/unit", mode),
          testTimeout: 60_000,
          // Files share what they import: to load it anew for each took half as long again as the tests themselves.
          isolate: false,
          pool: "threads",
          maxWorkers: workers,
        },
      },
      {
        mode,
        server: { headers: isolation },
        // A dependency found late makes vite reload the page in the middle of a test.
        optimizeDeps: {
          include: ["lit", "lit/decorators.js", "lit/directives/*.js", "@lit/task", "d3-scale", "d3-shape"],
        },
        test: {
          name: "gpu",
          // Files share a page, with what they import and what is compiled there: a page of its own for each took two seconds.
          isolate: false,
          include: testsIn("test/gpu", mode),
          testTimeout: 60_000,
          maxWorkers: workers,
          // After the others, so that there are no more programs at work than cores.
          sequence: { groupOrder: 1 },
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: puppeteer,
            instances: [
              { browser: "chromium", name: "chromium" },
              { browser: "firefox", name: "firefox" },
            ],
          },
        },
      },
      {
        mode,
        test: {
          name: "demos",
          environment: "node",
          include: testsIn("test/demos", mode),
          maxWorkers: workers,
          globalSetup: "./test/demos/demo-site.ts",
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
}));
