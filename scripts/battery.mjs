// The statistical battery of test/support/random/battery on the default generator, at a length that a test has no time for:
// 2^30 bytes for each number of interleaved streams. Writes bench/results/words-battery.md as it goes.
//
// node scripts/battery.mjs [log2 of the bytes]

import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { install } from "./install.mjs";

install();
const { createServer } = await import("vite");
const at = (/** @type {string} */ path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

const server = await createServer({
  configFile: false,
  root: at("."),
  appType: "custom",
  logLevel: "error",
  optimizeDeps: { noDiscovery: true },
  server: { middlewareMode: true, ws: false, watch: null },
});
const { DEFAULT_GENERATOR } = await server.ssrLoadModule("/src/random/words.ts");
const { battery, failures, LEAST } = await server.ssrLoadModule("/test/support/random/battery/battery.ts");
const { interleavedStreams } = await server.ssrLoadModule("/test/support/random/battery/sources.ts");

const log2 = Number(process.argv[2] ?? 30);
/** @type {string[]} */
const rows = [];
let failed = 0;
for (const streams of [1, 4, 8_196]) {
  const start = performance.now();
  const results = battery(interleavedStreams(DEFAULT_GENERATOR, streams, [42, 0]), 2 ** log2);
  for (const { test, p } of results) {
    rows.push(`| ${test} | ${streams.toLocaleString("en")} | 2^${log2} | ${p.toPrecision(4)} |`);
  }
  failed += failures(results).length;
  console.log(`${streams} streams: ${((performance.now() - start) / 1_000).toFixed(0)} s, ${failed} failures so far`);
  record();
}
await server.close();
process.exitCode = failed === 0 ? 0 : 1;

function record() {
  const lines = [
    `# Statistical tests of ${DEFAULT_GENERATOR}`,
    "",
    `${new Date().toISOString().slice(0, 10)}, \`node scripts/battery.mjs ${log2}\`: seed 42, coordinate 0, words of streams`,
    `0, 1, … in turn. ${rows.length} p-values, ${failed} of them outside [${LEAST}, 1 - ${LEAST}]. What each test does: test/support/random/battery.`,
    "",
    "| test | streams | bytes | p |",
    "|---|--:|--:|--:|",
    ...rows,
  ];
  writeFileSync(at("bench/results/words-battery.md"), `${lines.join("\n")}\n`);
}
