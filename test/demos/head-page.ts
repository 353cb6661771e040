import type { Browser, ElementHandle, Page } from "puppeteer";

/** The action head's page in a browser, as a person sees it: by its labels, and by pointer and keys. */
export interface HeadPage {
  readonly page: Page;
  /** Errors of the page and of its console so far. */
  readonly errors: string[];
}

export interface OpenOptions {
  readonly fragment?: string;
  readonly width?: number;
  /** Takes WebGPU away before the page's scripts run. */
  readonly withoutWebGpu?: boolean;
}

/** Opens the page and waits for its first numbers. */
export async function openHead(browser: Browser, url: string, options: OpenOptions = {}): Promise<HeadPage> {
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
  await page.goto(`${url}openvla-head/${options.fragment ?? ""}`);
  await find(page, "openvla-head >>> .provenance");
  return { page, errors };
}

/** Waits for an element. Puppeteer's own waiting evaluates strings, which the pages' security policy forbids. */
export async function find(page: Page, selector: string): Promise<ElementHandle<Element>> {
  const found = await until(
    () => page.$(selector),
    (element) => element !== null,
    `no ${selector}`,
  );
  return found as ElementHandle<Element>;
}

export async function text(page: Page, selector: string): Promise<string> {
  return page.$eval(selector, (element) => element.textContent?.replace(/\s+/g, " ").trim() ?? "");
}

/** One of the numbers under the charts, as it is printed. */
export function number(page: Page, name: string): Promise<string> {
  return text(page, `openvla-head >>> head-numbers >>> [data-number="${name}"]`);
}

/** Waits until a number has changed from what it was, and gives the new one. */
export async function changed(page: Page, name: string, from: string): Promise<string> {
  return until(
    () => number(page, name),
    (value) => value !== from,
    `${name} still ${from}`,
  );
}

/** Asks again and again until the answer is accepted. */
export async function until<T>(ask: () => Promise<T>, accept: (value: T) => boolean, message: string): Promise<T> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const value = await ask();
    if (accept(value)) return value;
    if (Date.now() > deadline) throw new Error(`${message} after 30 s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Where an element is on the screen, once it has been scrolled to. */
export async function boxOf(page: Page, selector: string) {
  const element = await find(page, selector);
  await element.evaluate((found) => found.scrollIntoView({ block: "center", behavior: "instant" }));
  const box = await element.boundingBox();
  if (!box) throw new Error(`${selector} is not shown`);
  return box;
}

/** Presses, moves and releases the pointer. */
export async function drag(page: Page, from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 3 });
  await page.mouse.move(to.x, to.y, { steps: 3 });
  await page.mouse.up();
}

/** Gives an element the keyboard; puppeteer's own focus refuses SVG elements. */
export async function focus(page: Page, selector: string): Promise<void> {
  await (await find(page, selector)).evaluate((element) => (element as SVGElement).focus());
}
