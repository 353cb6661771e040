// Writes sampler-bits.ts: hashes of the bits that the CPU engine draws.
//
//     node test/golden/distributions/sampler-bits.mjs && npx biome format --write test/golden/distributions/sampler-bits.ts
import { writeFileSync } from "node:fs";
import { createServer } from "vite";

const server = await createServer({
  configFile: false,
  server: { middlewareMode: true },
  appType: "custom",
  logLevel: "error",
  optimizeDeps: { noDiscovery: true },
});
const { Engine } = await server.ssrLoadModule("/src/index.ts");
const { hashOf } = await server.ssrLoadModule("/test/support/distributions/goodness-of-fit.ts");
const { FEW_SAMPLES, SAMPLES, SEED, scalars, title, vectors } = await server.ssrLoadModule(
  "/test/support/distributions/sampled.ts",
);
const engine = await Engine.create({ backend: "cpu" });
const lines = [];
const all = [...scalars];
for (const [vector] of vectors) all.push(vector);
for (const of of all) {
  const tensor = of.sample(engine, SAMPLES, { seed: SEED });
  const samples = await tensor.read();
  const few = samples.subarray(0, (samples.length / SAMPLES) * FEW_SAMPLES);
  lines.push(`  ${JSON.stringify(title(of))}: ["${hashOf(few)}", "${hashOf(samples)}"],`);
  tensor.dispose();
}
const text = `// Written by sampler-bits.mjs: FNV-1a hashes of the bits of 2^16 and of a million samples, as the CPU engine draws them.
export const samplerBits: Readonly<Record<string, readonly [few: string, many: string]>> = {
${lines.join("\n")}
};
`;
writeFileSync(new URL("sampler-bits.ts", import.meta.url), text);
await server.close();
