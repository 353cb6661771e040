import type { Browser } from "puppeteer";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serve } from "../../bench/server.mjs";
import { launch } from "../../scripts/browsers.mjs";

let server: Awaited<ReturnType<typeof serve>>;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([serve(), launch("chromium", { headless: true })]);
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

test("the benchmark's page starts nothing by itself, and runs a tiny case that its address names", async () => {
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  const query = "quick&case=softmax/4x1024&who=surprisal,ceiling";
  await page.goto(`${server.url}?${query}`);
  await page.waitForSelector(".card dd");
  expect(await page.$$("table")).toEqual([]);

  await page.goto(`${server.url}?${query}&run`);
  const status = await page.waitForSelector("#status");
  await page.waitForFunction((one) => one?.textContent === "Done.", { timeout: 60_000 }, status);
  const captions = await page.$$eval("caption", (all) => all.map((one) => one.textContent?.trim()));
  expect(captions).toContain("softmax [4 × 1024], WebGPU");
  expect(captions).toContain("softmax [4 × 1024], CPU");
  const names = await page.$$eval("tbody th", (all) => all.map((one) => one.textContent ?? ""));
  expect(names.some((name) => name.startsWith("surprisal WebGPU"))).toBe(true);
  // A software adapter: nothing may say what a GPU gains.
  expect(captions.some((caption) => caption?.includes("against ours on the CPU"))).toBe(false);
  expect(errors).toEqual([]);
  await page.close();
});
