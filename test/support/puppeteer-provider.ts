import { defineBrowserProvider } from "@vitest/browser";
import type { Browser, Page } from "puppeteer";
import type { BrowserProvider, TestProject } from "vitest/node";
import { type BrowserName, launch } from "../../scripts/browsers.mjs";

/** Vitest's browser mode in a Chromium or Firefox driven by puppeteer. */
export const puppeteer = defineBrowserProvider({
  name: "puppeteer",
  supportedBrowser: ["chromium", "firefox"],
  providerFactory: (project) => new PuppeteerProvider(project),
});

class PuppeteerProvider implements BrowserProvider {
  readonly name = "puppeteer";
  readonly supportsParallelism = false;
  readonly #browserName: BrowserName;
  readonly #pages = new Map<string, Page>();
  #browser: Promise<Browser> | undefined;

  constructor(project: TestProject) {
    this.#browserName = project.config.browser.name as BrowserName;
  }

  getCommandsContext(sessionId: string) {
    return { page: this.#pages.get(sessionId) };
  }

  async openPage(sessionId: string, url: string) {
    this.#browser ??= launch(this.#browserName);
    await this.#pages.get(sessionId)?.close();
    const page = await (await this.#browser).newPage();
    this.#pages.set(sessionId, page);
    await page.goto(url, { waitUntil: "domcontentloaded" });
  }

  async close() {
    const browser = this.#browser;
    this.#browser = undefined;
    this.#pages.clear();
    await (await browser)?.close();
  }
}
