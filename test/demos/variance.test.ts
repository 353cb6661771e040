import type { Browser, Page } from "puppeteer";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type BrowserName, browserNames, launch } from "../../scripts/browsers.mjs";
import { exhaustive } from "../support/exhaustive.ts";
import { find, focus, text, until } from "./head-page.ts";
import { bits, ended, figure, openVariance, pauseWhen, press, progress, runButton, runToEnd } from "./variance-page.ts";

const url = inject("demos");

const formula = `${figure} >>> question-form >>> formula-field >>> input`;
const problem = `${figure} >>> question-form >>> formula-field >>> .problem`;
const million = "#v=1&target=6";

/** Pages and runs take seconds: `npm test` sees each part of this page work, and what it rests on is tested by itself. */
const walk = test.runIf(exhaustive);

describe.each(browserNames)("the first page in %s", (name: BrowserName) => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launch(name, { headless: true });
  });

  afterAll(() => browser?.close());

  test("loads with a small run under a strict content security policy, and starts nothing more", async () => {
    const { page, errors } = await openVariance(browser, url);
    expect(await text(page, "h1")).toBe("How many samples until you can trust the third digit?");
    expect(await text(page, "page-frame >>> backend-badge >>> .badge .name")).toMatch(/^(GPU · .+|Software GPU)$/);
    expect(await bits(page)).toMatch(/^3\.1\d+$/);
    await find(page, `${figure} >>> fan-chart >>> path.fan`);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(await progress(page)).toMatch(/^16,384 samples/);
    expect(await page.$(`${figure} >>> error-chart >>> path.mark`)).toBeNull();
    expect(errors).toEqual([]);
    await page.close();
  });

  test("runs to a million, settles digits, measures the methods and finds the CPU's bits the same", async () => {
    const { page, errors } = await openVariance(browser, url, { fragment: million });
    const mean = Number(await runToEnd(page));
    expect(Math.abs(mean - Math.PI)).toBeLessThan(5 * (1.642 / 1e3));
    const digits = await text(page, `${figure} >>> .number settling-digits >>> .ink`);
    expect(digits).toMatch(/^3\.1[34]$/);
    await find(page, `${figure} >>> race-bars >>> .verdict[data-same="true"]`);
    await until(
      () => page.$$(`${figure} >>> error-chart >>> text.label`),
      (labels) => labels.length === 4,
      "not all methods are measured",
    );
    const rows = await page.$$eval(`${figure} >>> digit-ladder >>> li`, (all) =>
      all.map((one) => one.textContent?.trim() ?? ""),
    );
    expect(rows[0]).toMatch(/no error bar$/);
    expect(rows.length).toBe(11);
    expect(errors).toEqual([]);
    await page.close();
  });

  walk("pauses, and resumes to the same bits as a run that never paused", async () => {
    const fragment = "#v=1&target=7&formula=exp(x)&family=normal&methods=none";
    const straight = await openVariance(browser, url, { fragment });
    const expected = await runToEnd(straight.page);
    await straight.page.close();
    const { page, errors } = await openVariance(browser, url, { fragment });
    await press(page, runButton);
    for (const share of [/^\d{2,3},\d+ of 10 million/, /^[\d.]+ million of 10 million/]) {
      await pauseWhen(page, share);
      await until(
        () => text(page, runButton),
        (label) => label === "Resume",
        "is not paused",
      );
      const held = await progress(page);
      await new Promise((resolve) => setTimeout(resolve, 400));
      expect(await progress(page)).toBe(held);
      await press(page, runButton);
    }
    expect(await ended(page)).toBe(expected);
    expect(errors).toEqual([]);
    await page.close();
  });

  test("cancels, keeps what it found, and begins anew", async () => {
    const { page, errors } = await openVariance(browser, url);
    await press(page, runButton);
    await until(
      () => progress(page),
      (said) => /^(65|131|262|524),\d+ of/.test(said) || said.includes("million of"),
      "the run does not get on",
    );
    await press(page, `${figure} >>> .buttons button:nth-of-type(2)`);
    await until(
      () => text(page, runButton),
      (label) => label === "Run",
      "is not cancelled",
    );
    const held = await bits(page);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(await bits(page)).toBe(held);
    await press(page, `${figure} >>> .buttons button:nth-of-type(3)`);
    await until(
      () => progress(page),
      (said) => said.startsWith("16,384 samples"),
      "is not reset",
    );
    expect(errors).toEqual([]);
    await page.close();
  });

  test("points at the character that is wrong with a formula, and runs it once it is right", async () => {
    const { page, errors } = await openVariance(browser, url, {
      fragment: "#v=1&target=6&formula=x%5E2&family=normal",
    });
    await retype(page, "x^^2");
    await until(
      () => text(page, problem),
      (said) => said.includes("^"),
      "no caret",
    );
    expect(await page.$eval(`${figure} >>> formula-field >>> pre`, (pre) => pre.textContent)).toBe("  ^");
    expect(await page.$eval(formula, (input) => input.getAttribute("aria-invalid"))).toBe("true");
    expect(await page.$eval(runButton, (button) => (button as HTMLButtonElement).disabled)).toBe(true);
    await retype(page, "2*x^2 + 1");
    await page.keyboard.press("Enter");
    expect(Number(await ended(page))).toBeCloseTo(3, 1);
    expect(errors).toEqual([]);
    await page.close();
  });

  walk("opens the same question from its link, and waits before it runs a formula of the reader's", async () => {
    const fragment = "#v=1&formula=x%5E2%2Bx&family=normal&a=1&seed=9&target=6&view=magnified";
    const { page, errors } = await openVariance(browser, url, { fragment }, false);
    await until(
      () => text(page, `${figure} >>> .notice`),
      (said) => said.includes("Nothing is computed before you press Run"),
      "no notice",
    );
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(await progress(page)).toBe("");
    expect(await page.evaluate(() => location.hash)).toBe(fragment);
    const mean = await runToEnd(page);
    expect(Number(mean)).toBeCloseTo(3, 1);
    const again = await openVariance(browser, url, { fragment }, false);
    expect(await runToEnd(again.page)).toBe(mean);
    const bad = await openVariance(browser, url, { fragment: "#v=1&target=12&__proto__=1" });
    const notices = await bad.page.$$eval(`${figure} >>> .notice`, (all) => all.map((one) => one.textContent));
    expect(notices).toEqual([
      "Left out of the link: “target” cannot be “12”.",
      "Left out of the link: “__proto__” is not a setting of this page.",
    ]);
    expect(errors).toEqual([]);
    for (const opened of [page, again.page, bad.page]) await opened.close();
  });

  test("is read by the keys alone", async () => {
    const { page } = await openVariance(browser, url);
    const glass = `${figure} >>> fan-chart >>> .glass`;
    const reading = () => text(page, `${figure} >>> output`);
    await focus(page, glass);
    await page.keyboard.press("Home");
    await until(reading, (said) => /^N = 1 · .*no error bar exists/.test(said), "N = 1 is not read");
    await page.keyboard.press("ArrowRight");
    await until(reading, (said) => said.startsWith("N = 2 ·"), "N = 2 is not read");
    await page.keyboard.press("End");
    await until(reading, (said) => said.startsWith("N = 16,384 ·"), "the last is not read");
    await page.keyboard.press("Escape");
    await until(reading, (said) => said.startsWith("Point at"), "the cursor stays");
    await focus(page, runButton);
    await page.keyboard.press(" ");
    await until(
      () => text(page, runButton),
      (label) => label === "Pause",
      "does not run",
    );
    await page.keyboard.press(" ");
    await until(
      () => text(page, runButton),
      (label) => label === "Resume",
      "does not pause",
    );
    await until(
      () => text(page, `${figure} >>> [aria-live]`),
      (said) => said.startsWith("Paused."),
      "does not say so",
    );
    await page.close();
  });

  test("says the same on the CPU, without WebGPU", async () => {
    const gpu = await openVariance(browser, url);
    const cpu = await openVariance(browser, url, { withoutWebGpu: true });
    expect(await text(cpu.page, "page-frame >>> backend-badge >>> .badge .name")).toBe("CPU");
    expect(await bits(cpu.page)).toBe(await bits(gpu.page));
    expect(cpu.errors).toEqual([]);
    await gpu.page.close();
    await cpu.page.close();
  });

  walk("gives its numbers and its picture away", async () => {
    const { page, errors } = await openVariance(browser, url);
    await page.evaluate(() => {
      const blobs: Blob[] = [];
      const make = URL.createObjectURL.bind(URL);
      Object.assign(window, { blobs });
      URL.createObjectURL = (blob: Blob) => {
        blobs.push(blob);
        return make(blob);
      };
    });
    for (const i of [2, 3, 4, 5]) await press(page, `${figure} >>> .tools button:nth-of-type(${i})`);
    const saved = () =>
      page.evaluate(async () => {
        const { blobs } = window as unknown as { blobs: Blob[] };
        return Promise.all(blobs.map(async (blob) => ({ type: blob.type, size: blob.size, text: await blob.text() })));
      });
    const files = await until(saved, (all) => all.length === 4, "not all files are there");
    const [table, json, svg, png] = files;
    expect(table?.text.split("\n")[0]).toMatch(/^samples,mean,/);
    expect(table?.text.trim().split("\n").length).toBe(16);
    expect(JSON.parse(json?.text ?? "").rungs.at(-1).mean).toBe(Number(await bits(page)));
    expect(svg?.text).toMatch(/^<svg .*E\[4\*/);
    expect(png).toMatchObject({ type: "image/png" });
    expect(png?.size).toBeGreaterThan(20_000);
    await press(page, `${figure} >>> .tools button:nth-of-type(1)`);
    await find(page, `${figure} >>> variance-table >>> table`);
    expect(errors).toEqual([]);
    await page.close();
  });

  test("fits a phone 360 px wide, with every control in reach", async () => {
    const { page } = await openVariance(browser, url, { width: 360 });
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(await overflow()).toBeLessThanOrEqual(0);
    await press(page, `${figure} >>> .tools button:nth-of-type(1)`);
    await find(page, `${figure} >>> variance-table >>> table`);
    expect(await overflow()).toBeLessThanOrEqual(0);
    const small = await page.$$eval(`${figure} >>> button`, (all) =>
      all.map((one) => one.getBoundingClientRect()).filter(({ right, height }) => right > 360 || height < 24),
    );
    expect(small).toEqual([]);
    await page.close();
  });
});

async function retype(page: Page, words: string): Promise<void> {
  await focus(page, formula);
  await page.$eval(formula, (input) => (input as HTMLInputElement).select());
  await page.keyboard.type(words);
}
