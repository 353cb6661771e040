import type { Browser, Page } from "puppeteer";
import { find, text, until } from "./head-page.ts";

/** The first page in a browser, as a person sees it. */
export interface VariancePage {
  readonly page: Page;
  /** Errors of the page and of its console so far. */
  readonly errors: string[];
}

export interface OpenOptions {
  readonly fragment?: string;
  readonly width?: number;
  /** Takes WebGPU away before the page's scripts run. */
  readonly withoutWebGpu?: boolean;
  readonly reducedMotion?: boolean;
}

export const figure = "variance-figure";
export const runButton = `${figure} >>> button.run`;
const firstRun = "16,384 samples";

/** Opens the page; waits for its small run unless told that there is none. */
export async function openVariance(
  browser: Browser,
  url: string,
  options: OpenOptions = {},
  waits = true,
): Promise<VariancePage> {
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  page.on("pageerror", (error) => errors.push(String(error)));
  await page.setViewport({ width: options.width ?? 1200, height: 900 });
  if (options.withoutWebGpu) {
    await page.evaluateOnNewDocument(() => Object.defineProperty(navigator, "gpu", { value: undefined }));
  }
  await page.goto(`${url}${options.fragment ?? ""}`);
  await find(page, runButton);
  await until(
    () => page.$eval(runButton, (button) => (button as HTMLButtonElement).disabled),
    (disabled) => !disabled,
    "no engine",
  );
  if (waits) {
    await until(
      () => progress(page),
      (said) => said.startsWith(firstRun),
      "no small run",
    );
  }
  return { page, errors };
}

export function progress(page: Page): Promise<string> {
  return text(page, `${figure} >>> .progress`);
}

/** The estimate to the bit: the shortest decimal that is this f64 and no other. */
export function bits(page: Page): Promise<string> {
  return page.$eval(`${figure} >>> .number`, (element) => (element as HTMLElement).dataset.bits ?? "");
}

export async function press(page: Page, selector: string): Promise<void> {
  await (await find(page, selector)).click();
}

/** Presses Pause from within the page, as soon as progress reads so: a click from outside may come when all is over. */
export async function pauseWhen(page: Page, pattern: RegExp): Promise<void> {
  const button = await find(page, runButton);
  const words = await find(page, `${figure} >>> .progress`);
  const pressed = await page.evaluate(
    (button, words, source, firstRun) =>
      new Promise<string>((resolve) => {
        const look = () => {
          const said = words.textContent?.replace(/\s+/g, " ").trim() ?? "";
          const over = / samples in /.test(said) && !said.startsWith(firstRun);
          if (!over && !new RegExp(source).test(said)) return;
          observer.disconnect();
          const label = button.textContent?.trim() ?? "";
          (button as HTMLButtonElement).click();
          resolve(label);
        };
        const observer = new MutationObserver(look);
        observer.observe(words, { childList: true, characterData: true, subtree: true });
        look();
      }),
    button,
    words,
    pattern.source,
    firstRun,
  );
  if (pressed !== "Pause") throw new Error(`pressed ${pressed}: the run was over before it said ${pattern}`);
}

/** Presses Run and waits until the target is met. */
export async function runToEnd(page: Page): Promise<string> {
  await press(page, runButton);
  return ended(page);
}

/** Waits until the run is over, and gives the estimate to the bit. */
export async function ended(page: Page): Promise<string> {
  await until(
    () => progress(page),
    (said) => / samples in /.test(said) && !said.startsWith(firstRun),
    "the run does not end",
  );
  return bits(page);
}
