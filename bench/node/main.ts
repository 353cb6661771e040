import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { runUnits, unitsOf } from "../benchmark.ts";
import { environmentOf } from "../environment.ts";
import { recordFiles } from "../report/files.ts";
import { detailsMarkdown, summaryMarkdown } from "../report/markdown.ts";
import { type BenchRecord, joined } from "../report/record.ts";
import { provideGpu } from "./dawn.ts";

// node dist-bench/node.mjs [--dawn PATH] [--case ID[,ID…]] [--who NAME[,NAME…]] [--quick] [--full] [--record NAME] [--out FOLDER]
//
// PATH is the dawn.node of the npm package "webgpu", or the package's folder; without it WEBGPU_NODE, else the package.

const { values } = parseArgs({
  options: {
    dawn: { type: "string" },
    case: { type: "string", default: "" },
    who: { type: "string", default: "" },
    quick: { type: "boolean", default: false },
    full: { type: "boolean", default: false },
    record: { type: "string" },
    out: { type: "string", default: "." },
  },
});

const list = (text: string) => text.split(",").filter(Boolean);
const options = { cases: list(values.case), who: list(values.who), quick: values.quick, full: values.full };

const release = await provideGpu(values.dawn ?? process.env.WEBGPU_NODE);
const environment = await environmentOf(`Node.js/${process.versions.node}`);
const found = await runUnits(unitsOf(options), environment, options, { progress: (text) => console.error(text) });
const run = joined([found]);
console.log(`${detailsMarkdown(run)}\n\n${summaryMarkdown(run)}`);
if (values.record) writeRecord(values.record);
release();
// Workers and devices would keep the process alive.
process.exit(0);

function writeRecord(name: string): void {
  const [cpu] = cpus();
  const record: BenchRecord = {
    schema: 4,
    date: new Date().toISOString().slice(0, 10),
    command: ["npm run bench:node --", ...process.argv.slice(2)].join(" "),
    machine: `${cpu?.model.trim() ?? "unknown processor"}, ${cpus().length} cores, ${process.platform} ${process.arch}`,
    versions: JSON.parse(import.meta.env.VITE_BENCH_PACKAGES),
    runs: [run],
  };
  mkdirSync(values.out, { recursive: true });
  for (const [file, text] of Object.entries(recordFiles(name, record))) writeFileSync(`${values.out}/${file}`, text);
}
