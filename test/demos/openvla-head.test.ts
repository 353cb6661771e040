import type { Browser } from "puppeteer";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type BrowserName, browserNames, launch } from "../../scripts/browsers.mjs";
import { exhaustive } from "../support/exhaustive.ts";
import { boxOf, changed, drag, find, focus, number, openHead, text, until } from "./head-page.ts";

const url = inject("demos");

const charts = "openvla-head >>> head-charts";
const pen = `${charts} >>> logit-chart >>> .pen`;
const flag = `${charts} >>> pmf-chart >>> .target .handle`;
const badge = "page-frame >>> backend-badge >>> .badge .name";

/** Pages take seconds to open: `npm test` sees each part of this one work, and what it rests on is tested by itself. */
const walk = test.runIf(exhaustive);

describe.each(browserNames)("the action head in %s", (name: BrowserName) => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launch(name, { headless: true });
  });

  afterAll(() => browser?.close());

  test("loads without an error under a strict content security policy, and says what computes it", async () => {
    const { page, errors } = await openHead(browser, url);
    expect(await text(page, badge)).toMatch(/^(GPU · .+|Software GPU)$/);
    expect(await text(page, "h1")).toBe("How sure is the robot, and what will it do?");
    const said = await text(page, "openvla-head >>> .provenance");
    expect(said).toMatch(/224,448 logits through WebGPU in .+Largest error/);
    // Errors against f64 are those of f32.
    const [, mantissa = "", exponent = ""] = /f64: ([\d.]+) × 10⁻(\S) in 224,448/.exec(said) ?? [];
    const digits = "⁰¹²³⁴⁵⁶⁷⁸⁹";
    expect(Number(mantissa) * 10 ** -digits.indexOf(exponent), said).toBeLessThan(1e-6);
    expect(errors).toEqual([]);
    await page.close();
  });

  walk("is the first page of the contents", async () => {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    await page.goto(url);
    expect(await text(page, "ol.contents > li:first-child > a")).toBe("The action head");
    await (await find(page, "page-frame >>> summary")).click();
    const link = await find(page, 'page-frame >>> nav a[href="./openvla-head/"]');
    await Promise.all([page.waitForNavigation(), link.click()]);
    await find(page, "openvla-head >>> .provenance");
    expect(errors).toEqual([]);
    await page.close();
  });

  walk("computes again on a new device when the old one is lost", async () => {
    const { page, errors } = await openHead(browser, url);
    const loss = await number(page, "loss");
    await page.$eval("page-frame", (frame) => {
      const { status } = frame as unknown as { status: { engine: { device: GPUDevice } } };
      status.engine.device.destroy();
    });
    await (await find(page, "openvla-head >>> dimension-strip >>> label:nth-of-type(4)")).click();
    await (await find(page, 'openvla-head >>> head-controls >>> segmented-choice >>> input[value="actions"]')).click();
    await changed(page, "loss", loss);
    await expect.poll(() => text(page, badge), { timeout: 10_000 }).toMatch(/GPU/);
    expect(errors).toEqual([]);
    await page.close();
  });

  test("changes entropy and loss when logits are drawn with the pointer", async () => {
    const { page, errors } = await openHead(browser, url);
    const [entropy, loss] = [await number(page, "entropy"), await number(page, "loss")];
    const box = await boxOf(page, pen);
    const at = (share: number, height: number) => ({ x: box.x + share * box.width, y: box.y + height * box.height });
    await drag(page, at(0.7, 0.4), at(0.8, 0.15));
    await changed(page, "entropy", entropy);
    await changed(page, "loss", loss);
    await until(
      async () => page.url(),
      (url) => url.includes("#edits=1."),
      "no edits in the link",
    );
    expect(errors).toEqual([]);
    await page.close();
  });

  test("is drawn on with the keys alone, and reads each bin aloud", async () => {
    const { page } = await openHead(browser, url);
    const entropy = await number(page, "entropy");
    await focus(page, pen);
    await page.keyboard.press("Home");
    const words = () => page.$eval(pen, (element) => element.getAttribute("aria-valuetext") ?? "");
    await until(words, (said) => said.startsWith("bin 0 · id 31,999 · action −0.996"), "the first bin is not read");
    await page.keyboard.press("ArrowRight");
    const before = await until(words, (said) => said.startsWith("bin 1 · id 31,998"), "the second bin is not read");
    for (let i = 0; i < 6; i++) await page.keyboard.press("PageUp");
    await until(words, (said) => said !== before && said.startsWith("bin 1 ·"), "the logit does not rise");
    await changed(page, "entropy", entropy);
    await page.close();
  });

  walk("moves the demonstrated action by dragging its flag and by its keys", async () => {
    const { page } = await openHead(browser, url);
    const loss = await number(page, "loss");
    const box = await boxOf(page, flag);
    const from = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    await drag(page, from, { x: from.x + 60, y: from.y });
    const dragged = await changed(page, "loss", loss);
    await focus(page, flag);
    await page.keyboard.press("End");
    await changed(page, "loss", dragged);
    expect(await page.$eval(flag, (element) => element.getAttribute("aria-valuenow"))).toBe("1");
    await page.close();
  });

  test("survives 10,000 on every logit where the naive softmax does not", async () => {
    const { page } = await openHead(browser, url);
    const numbers = ["entropy", "loss", "mean-loss", "outside"];
    const before = await Promise.all(numbers.map((one) => number(page, one)));
    const naive = () => text(page, 'openvla-head >>> overflow-panel >>> [data-softmax="naive"]');
    expect(await naive()).toContain("it is finite, so this works");
    await (await find(page, "openvla-head >>> .switch input")).click();
    await until(naive, (said) => said.includes("256 of 256 bins are NaN"), "naive softmax is not NaN");
    expect(await Promise.all(numbers.map((one) => number(page, one)))).toEqual(before);
    expect(await text(page, 'openvla-head >>> overflow-panel >>> [data-softmax="library"]')).toMatch(
      /within \d.* × 10⁻[⁷⁸⁹]/,
    );
    await page.close();
  });

  walk("lets text leak, and shuts it out when only the action ids compete", async () => {
    const { page } = await openHead(browser, url, { fragment: "#leak=13" });
    const axis = () => page.$eval(`${charts} >>> decode-axis >>> svg`, (svg) => svg.getAttribute("aria-label") ?? "");
    expect(await axis()).toMatch(/argmax text id [\d,]+ → \+0\.996/);
    expect(Number.parseFloat(await number(page, "outside"))).toBeGreaterThan(50);
    await (await find(page, 'openvla-head >>> head-controls >>> segmented-choice >>> input[value="actions"]'))?.click();
    await until(axis, (said) => /argmax [+−]0\.\d+;/.test(said), "argmax is still text");
    await page.close();
  });

  test("says the same on the CPU, without WebGPU, with the reason in the badge's dialog", async () => {
    const gpu = await openHead(browser, url);
    const cpu = await openHead(browser, url, { withoutWebGpu: true });
    expect(await text(cpu.page, badge)).toBe("CPU");
    for (const name of ["entropy", "loss", "mean-loss"]) {
      const [a, b] = [await number(gpu.page, name), await number(cpu.page, name)].map(Number);
      expect(Math.abs((a ?? Number.NaN) - (b ?? Number.NaN)), name).toBeLessThanOrEqual(0.001001);
    }
    await (await find(cpu.page, "page-frame >>> backend-badge >>> .badge")).click();
    expect(await text(cpu.page, "page-frame >>> backend-badge >>> dialog[open] dl")).toContain("no-api");
    expect(cpu.errors).toEqual([]);
    await gpu.page.close();
    await cpu.page.close();
  });

  walk("opens the same picture from its link, and names what a link may not say", async () => {
    const fragment = "#seed=42&dimension=3&temperature=0.5&targets=___0.25___";
    const { page } = await openHead(browser, url, { fragment });
    const loss = await number(page, "loss");
    await until(
      async () => page.url(),
      (url) => url.endsWith(fragment),
      "the link changed",
    );
    const again = await openHead(browser, url, { fragment });
    expect(await number(again.page, "loss")).toBe(loss);
    const bad = await openHead(browser, url, { fragment: "#seed=42&temperature=1e9&__proto__=1" });
    const notices = await bad.page.$$eval("openvla-head >>> .notice", (all) => all.map((one) => one.textContent));
    expect(notices).toEqual([
      "Left out of the link: “temperature” cannot be “1e9”.",
      "Left out of the link: “__proto__” is not a setting of this page.",
    ]);
    for (const opened of [page, again.page, bad.page]) await opened.close();
  });

  test("fits a phone 360 px wide, with every control in reach", async () => {
    const { page } = await openHead(browser, url, { width: 360, fragment: "#leak=13" });
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(await overflow()).toBeLessThanOrEqual(0);
    await (await find(page, "openvla-head >>> .tools button")).click();
    await find(page, "openvla-head >>> head-table >>> table");
    await (await find(page, "page-frame >>> summary")).click();
    expect(await overflow()).toBeLessThanOrEqual(0);
    const controls = await page.$$eval("openvla-head >>> head-controls >>> slider-field >>> input", (all) =>
      all.map((input) => input.getBoundingClientRect()).filter(({ right, height }) => right > 360 || height < 24),
    );
    expect(controls).toEqual([]);
    await page.close();
  });
});
