// Writes hashes of the bits that the CPU engine draws: of families that have a file of their own in families/ to its last section, of the others to
// sampler-bits.ts.
//
//     node test/golden/distributions/sampler-bits.mjs && npx biome format --write test/golden/distributions/sampler-bits.ts
import { existsSync, readFileSync, writeFileSync } from "node:fs";
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
const { FEW_SAMPLES, SAMPLES, SEED } = await server.ssrLoadModule("/test/support/distributions/sampled.ts");
const { families, title } = await server.ssrLoadModule("/test/support/distributions/families.ts");
const engine = await Engine.create({ backend: "cpu" });
const lines = [];
for (const family of families) {
  const own = [];
  for (const of of family.sampled.flat().filter((/** @type {object} */ one) => "logProb" in one)) {
    const tensor = of.sample(engine, SAMPLES, { seed: SEED });
    const samples = await tensor.read();
    const few = samples.subarray(0, (samples.length / SAMPLES) * FEW_SAMPLES);
    own.push({ title: title(of), few: hashOf(few), all: hashOf(samples) });
    tensor.dispose();
  }
  const name = family.name.replace(/[A-Z]/g, (/** @type {string} */ letter) => `-${letter.toLowerCase()}`);
  const file = new URL(`families/${name}.txt`, import.meta.url);
  if (existsSync(file)) {
    const [before = ""] = readFileSync(file, "utf8").split(/^# samples/m);
    const words = own.map(({ title, few, all }) => `${title} | ${few} ${all}\n`);
    writeFileSync(file, `${before}# samples: FNV-1a hashes of the bits of 2^16 and of a million\n${words.join("")}`);
  } else lines.push(...own.map(({ title, few, all }) => `  ${JSON.stringify(title)}: ["${few}", "${all}"],`));
}
const text = `// Written by sampler-bits.mjs: FNV-1a hashes of the bits of 2^16 and of a million samples, as the CPU engine draws them.
export const samplerBits: Readonly<Record<string, readonly [few: string, many: string]>> = {
${lines.join("\n")}
};
`;
writeFileSync(new URL("sampler-bits.ts", import.meta.url), text);
await server.close();
