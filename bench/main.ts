import { runBenchmark } from "./benchmark.ts";
import { gateTable } from "./gates/gate.ts";
import { parts } from "./options.ts";

const status = document.querySelector("#status");
const report = document.querySelector("#report");

const result = runBenchmark({
  progress: (text) => {
    if (status) status.textContent = text;
    console.info(text);
  },
  section: (markdown) => {
    report?.append(`${markdown}\n\n`);
    console.log(`${markdown}\n`);
  },
});

result.then(
  () => status?.replaceChildren("Done."),
  (error) => status?.replaceChildren(String(error)),
);

/** For the script that drives the page. */
Object.assign(globalThis, { benchmark: { result, parts, gateTable } });
