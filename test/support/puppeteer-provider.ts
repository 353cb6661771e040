import { defineBrowserProvider } from "@vitest/browser";
import type { Browser, Page } from "puppeteer";
import type { BrowserProvider, TestProject } from "vitest/node";
import { type BrowserName, launch } from "../../scripts/browsers.mjs";

/**
 * Vitest's browser mode in Chromium or Firefox driven by puppeteer. Each session has a browser of its own: what takes longest is compiling, of
 * which a browser does one piece at a time, in its GPU process.
 */
export const puppeteer = defineBrowserProvider({
  name: "puppeteer",
  supportedBrowser: ["chromium", "firefox"],
  providerFactory: (project) => new PuppeteerProvider(project),
});

class PuppeteerProvider implements BrowserProvider {
  readonly name = "puppeteer";
  readonly supportsParallelism = true;
  readonly #browserName: BrowserName;
  readonly #browsers = new Map<string, Promise<Browser>>();
  readonly #pages = new Map<string, Page>();

  constructor(project: TestProject) {
    this.#browserName = project.config.browser.name as BrowserName;
  }

  getCommandsContext(sessionId: string) {
    return { page: this.#pages.get(sessionId) };
  }

  async openPage(sessionId: string, url: string) {
    const launching = this.#browsers.get(sessionId) ?? launch(this.#browserName);
    this.#browsers.set(sessionId, launching);
    await this.#pages.get(sessionId)?.close();
    const page = await (await launching).newPage();
    this.#pages.set(sessionId, page);
    await page.goto(url, { waitUntil: "domcontentloaded" });
  }

  async close() {
    const browsers = [...this.#browsers.values()];
    this.#browsers.clear();
    this.#pages.clear();
    await Promise.allSettled(browsers.map(async (browser) => (await browser).close()));
  }
}
