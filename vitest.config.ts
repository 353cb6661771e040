import { defineConfig } from "vitest/config";
import { puppeteer } from "./test/support/puppeteer-provider.ts";
import { isolation } from "./vite.config.ts";

export default defineConfig({
  test: {
    reporters: ["default", "./test/support/tally-reporter.ts"],
    projects: [
      { test: { name: "unit", environment: "node", include: ["test/unit/**/*.test.ts"] } },
      {
        server: { headers: isolation },
        // A dependency found late makes vite reload the page in the middle of a test.
        optimizeDeps: {
          include: ["lit", "lit/decorators.js", "lit/directives/*.js", "@lit/task", "d3-scale", "d3-shape"],
        },
        test: {
          name: "gpu",
          include: ["test/gpu/**/*.test.ts"],
          testTimeout: 60_000,
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
        test: {
          name: "demos",
          environment: "node",
          include: ["test/demos/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
