// Checks estimates of random members of every family against the truth, on the CPU engine:
//
//     node scripts/estimates.mjs [--sets 200] [--samples 1e7] [--family gamma] [--seed 1]
//
// Parameters are log-uniform from 1e-6 to 1e6. Of each member the means of log p, of x where finite, and of 1[x > median] where x is a number, and klEstimate
// against another member, must be within 5 standard errors of entropy, mean, survival function and klDivergence, or be warned of.
import { parseArgs } from "node:util";
import { createServer } from "vite";

const { values } = parseArgs({
  options: {
    sets: { type: "string", default: "200" },
    samples: { type: "string", default: "1e7" },
    family: { type: "string" },
    seed: { type: "string", default: "1" },
  },
});
const server = await createServer({
  configFile: false,
  server: { middlewareMode: true, hmr: false },
  appType: "custom",
  logLevel: "error",
  optimizeDeps: { noDiscovery: true },
});
const { Engine } = await server.ssrLoadModule("/src/index.ts");
const { estimatesOf } = await server.ssrLoadModule("/test/support/distributions/estimates.ts");
const { families } = await server.ssrLoadModule("/test/support/distributions/families.ts");
const engine = await Engine.create({ backend: "cpu" });
const [sets, samples] = [Number(values.sets), Number(values.samples)];
let faults = 0;
for (const family of families) {
  if (values.family && family.name !== values.family) continue;
  const started = performance.now();
  /** @type {Record<string, number>} */
  const totals = { within: 0, warned: 0, refused: 0, off: 0 };
  for (let k = 0; k < sets; k++) {
    for (const found of await estimatesOf(engine, family, Number(values.seed) * 1_000_003 + k, samples)) {
      totals[found.verdict] = (totals[found.verdict] ?? 0) + 1;
      if (found.verdict === "off") console.log(`  ${found.what}: ${found.got}, not ${found.want}`);
    }
  }
  faults += totals.off ?? 0;
  const seconds = (performance.now() - started) / 1_000;
  console.log(family.name.padEnd(16), JSON.stringify(totals), `${seconds.toFixed(1)} s`);
}
console.log(faults === 0 ? "none is off" : `${faults} are off`);
engine.dispose();
await server.close();
process.exitCode = faults === 0 ? 0 : 1;
