import { parseArgs } from "node:util";
import { browserNames, ensureBrowsers, launch } from "../scripts/browsers.mjs";
import { comparison } from "./compare.mjs";
import { commandOf, writeRecord } from "./record.mjs";
import { serve } from "./server.mjs";
import { run, UsageError } from "./usage.mjs";

// npm run bench -- [--browser chromium|firefox] [--case ID[,ID…]] [--who NAME[,NAME…]] [--quick] [--full] [--record NAME [--out FOLDER]]
//                | --serve | --compare A.json B.json
//
// A case is such as "softmax/4096x1024", "expectation/square", "round-trip/empty", "scaling/samples", "check/window"; a part
// of its id will do. Checks run only when they are named.
const options = /** @type {const} */ ({
  browser: { type: "string" },
  case: { type: "string", default: "" },
  who: { type: "string", default: "" },
  quick: { type: "boolean", default: false },
  full: { type: "boolean", default: false },
  serve: { type: "boolean", default: false },
  compare: { type: "boolean", default: false },
  record: { type: "string" },
  out: { type: "string" },
});

/** @typedef {ReturnType<typeof parseArgs<{ options: typeof options, allowPositionals: true }>>["values"]} Values */

await run(async () => {
  const { values, positionals } = parseArgs({ allowPositionals: true, options });
  if (values.compare) return comparison(positionals);
  if (positionals.length > 0) throw new UsageError(`bench: ${positionals[0]} is no option; cases follow --case`);
  return bench(values);
});

/** @param {Values} values */
async function bench(values) {
  const names = browserNames.filter((name) => (values.browser ?? name) === name);
  if (names.length === 0) throw new UsageError(`--browser must be ${browserNames.join(" or ")}, got ${values.browser}`);
  const server = await serve();
  if (values.serve) return console.log(`The benchmark is at ${server.url}`);
  try {
    await ensureBrowsers(names);
    const runs = [];
    for (const name of names) runs.push(await runIn(name, server, values));
    const command = commandOf("npm run bench --", process.argv.slice(2));
    if (values.record) await writeRecord(values.record, command, runs, values.out);
  } finally {
    await server.close();
  }
}

/**
 * The benchmark in one browser: each unit in a page of its own, since libraries keep their buffers for as long as it lives.
 * @param {import("../scripts/browsers.mjs").BrowserName} name
 * @param {Awaited<ReturnType<typeof serve>>} server
 * @param {Values} values
 * @returns {Promise<import("./report/record.ts").Run>}
 */
async function runIn(name, server, values) {
  const query = new URLSearchParams({ case: values.case, who: values.who });
  if (values.quick) query.set("quick", "");
  if (values.full) query.set("full", "");
  const { fromJson } = await server.load("report/json.ts");
  const { joined } = await server.load("report/record.ts");
  const { detailsMarkdown, summaryMarkdown } = await server.load("report/markdown.ts");
  let browser = await start(name);
  try {
    /** @type {import("./report/record.ts").Findings[]} */
    const pages = [];
    const failures = /** @type {Record<string, string>} */ ({});
    const page = await pageOf(browser);
    await page.goto(`${server.url}unit.html?${query}`, { waitUntil: "load" });
    const units = /** @type {string[]} */ (await page.evaluate("benchmark.units()"));
    await page.close();
    if (units.length === 0)
      throw new UsageError(`--case: no case is called ${values.case}; the page (--serve) lists them`);
    for (const unit of units) {
      const outcome = await runUnit(browser, `${server.url}unit.html?${query}`, unit);
      if (!(outcome instanceof Error)) pages.push(fromJson(outcome));
      else {
        console.error(`${unit} failed: ${outcome.message}\n`);
        failures[unit] = outcome.message;
        // A crash may have taken the whole browser along.
        await browser.close().catch(() => {});
        browser = await start(name);
      }
    }
    const whole = joined(pages);
    const measured = [whole.comparisons, whole.checks, whole.scalings].flat().length + Object.keys(failures).length;
    if (measured === 0) throw new UsageError(`--who: nobody is called ${values.who}; the tables of --quick name them`);
    const program = await browser.version();
    const all = {
      ...whole,
      environment: { ...whole.environment, program },
      failures: { ...whole.failures, ...failures },
    };
    console.log(`${detailsMarkdown(all)}\n\n${summaryMarkdown(all)}`);
    return all;
  } finally {
    await browser.close();
  }
}

/** @param {import("../scripts/browsers.mjs").BrowserName} name */
function start(name) {
  // One evaluation lasts as long as a unit.
  return launch(name, { protocolTimeout: 0 });
}

/**
 * @param {import("puppeteer").Browser} browser
 * @param {string} url
 * @param {string} unit
 * @returns {Promise<string | Error>} JSON of what it found
 */
async function runUnit(browser, url, unit) {
  /** @type {import("puppeteer").Page | undefined} */
  let page;
  try {
    page = await pageOf(browser);
    await page.goto(url, { waitUntil: "load" });
    const gone = new Promise((_, reject) => page?.once("error", reject));
    return /** @type {any} */ (await Promise.race([page.evaluate(`benchmark.json(${JSON.stringify(unit)})`), gone]));
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    await page?.close().catch(() => {});
  }
}

/** Progress, warnings of peers and the like are no part of the report. @param {import("puppeteer").Browser} browser */
async function pageOf(browser) {
  const page = await browser.newPage();
  page.on("console", (message) => console.error(message.text()));
  return page;
}
