import { parseArgs } from "node:util";
import { browserNames, launch } from "../scripts/browsers.mjs";
import { serve } from "./server.mjs";

const { values } = parseArgs({
  options: {
    browser: { type: "string" },
    case: { type: "string", default: "" },
    quick: { type: "boolean", default: false },
    serve: { type: "boolean", default: false },
    record: { type: "string" },
  },
});

const server = await serve();
if (values.serve) console.log(`The benchmark is at ${server.url}`);
else {
  for (const name of browserNames) {
    if (values.browser && values.browser !== name) continue;
    await runIn(name);
  }
  await server.close();
}

/** @param {import("../scripts/browsers.mjs").BrowserName} name */
async function runIn(name) {
  // One evaluation lasts as long as the whole benchmark.
  const browser = await launch(name, { protocolTimeout: 0 });
  try {
    console.log(`## ${await browser.version()}\n`);
    const page = await browser.newPage();
    page.on("console", (message) => {
      if (message.type() === "log") console.log(message.text());
      else console.error(message.text());
    });
    page.on("pageerror", (error) => console.error(error));
    const query = new URLSearchParams({ case: values.case, ...(values.quick ? { quick: "" } : {}) });
    await page.goto(`${server.url}?${query}`, { waitUntil: "load" });
    return await page.evaluate("benchmark");
  } finally {
    await browser.close();
  }
}
