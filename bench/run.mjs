import { parseArgs } from "node:util";
import { browserNames, launch } from "../scripts/browsers.mjs";
import { record } from "./record.mjs";
import { serve } from "./server.mjs";

// npm run bench -- [--browser chromium|firefox] [--case NAME[,NAME…]] [--quick] [--record NAME] | --serve
//
// A case is a function and a shape ("softmax 4096x1024"), or "window", "large", "latency"; a part of its name will do.
const { values } = parseArgs({
  options: {
    browser: { type: "string" },
    case: { type: "string", default: "" },
    quick: { type: "boolean", default: false },
    serve: { type: "boolean", default: false },
    record: { type: "string" },
  },
});
const names = browserNames.filter((name) => (values.browser ?? name) === name);
if (names.length === 0) throw new Error(`--browser must be ${browserNames.join(" or ")}, got ${values.browser}`);

const server = await serve();
if (values.serve) console.log(`The benchmark is at ${server.url}`);
else {
  try {
    const runs = [];
    for (const name of names) runs.push(await runIn(name));
    if (values.record) record(values.record, process.argv.slice(2), runs);
  } finally {
    await server.close();
  }
}

/**
 * The whole benchmark in one browser: each part in a page of its own, and a table of all gates.
 * @param {import("../scripts/browsers.mjs").BrowserName} name
 */
async function runIn(name) {
  // One evaluation lasts as long as a part.
  const browser = await launch(name, { protocolTimeout: 0 });
  try {
    const version = await browser.version();
    console.log(`## ${version}\n`);
    const page = await browser.newPage();
    // Results are logged; progress, warnings of peers and the like are not part of the report.
    page.on("console", (message) => {
      if (message.type() === "log") console.log(message.text());
      else console.error(message.text());
    });
    const [first, ...rest] = await runParts(page);
    if (!first) throw new Error("the page has no parts");
    const all = [first, ...rest];
    const gates = all.flatMap((report) => report.gates);
    const table = gates.length > 0 ? [await page.evaluate(`benchmark.gateTable(${JSON.stringify(gates)})`)] : [];
    for (const text of table) console.log(`${text}\n`);
    const markdown = [...all.map((report) => report.markdown).filter(Boolean), ...table].join("\n\n");
    const comparisons = all.flatMap((report) => report.comparisons);
    return { ...first, browser: version, comparisons, gates, markdown };
  } finally {
    await browser.close();
  }
}

/** @param {import("puppeteer").Page} page */
async function runParts(page) {
  /** @type {import("./benchmark.ts").Report[]} */
  const reports = [];
  let parts = ["adapter"];
  for (let k = 0; k < parts.length; k++) {
    const query = new URLSearchParams({ case: values.case, part: parts[k] ?? "", ...(values.quick && { quick: "" }) });
    await page.goto(`${server.url}?${query}`, { waitUntil: "load" });
    reports.push(/** @type {import("./benchmark.ts").Report} */ (await page.evaluate("benchmark.result")));
    parts = /** @type {string[]} */ (await page.evaluate("benchmark.parts"));
  }
  return reports;
}
