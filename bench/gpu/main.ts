import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import {
  crossEntropy,
  crossEntropyWithGradient,
  Engine,
  entropy,
  klDivergence,
  logSumExp,
  rowStatistics,
  softmax,
  type Tuning,
} from "../../src/index.ts";
import { type Finding, findingsOf, runUnits, unitsOf } from "../benchmark.ts";
import { ownDevice } from "../contestants/own-device.ts";
import { environmentOf } from "../environment.ts";
import { provideGpu } from "../node/dawn.ts";
import { detailsMarkdown } from "../report/markdown.ts";
import { joined } from "../report/record.ts";
import { markdownTable, type Table } from "../report/table.ts";
import { runTests, type TestReport } from "./tests.ts";

// run.sh [--dawn PATH] [--out FOLDER] [--only PART[,PART…]] [--minutes M] [--case ID[,ID…]] [--tests WORD[,WORD…]]
//
// Everything that a GPU can tell, on a Linux machine that has one and no browser: what it computes (numerics), how quick it is (race), which
// layouts suit it (tuning), and whether all is right (tests). Each part has its share of the minutes and is written as soon as it is done.

/** The parts, and of eight minutes' time what each may take. */
const SHARES = { numerics: 0.2, race: 3, tuning: 1.6, tests: 2.8 };

type PartName = keyof typeof SHARES;

const { values } = parseArgs({
  options: {
    dawn: { type: "string" },
    out: { type: "string", default: "gpu-results" },
    only: { type: "string", default: Object.keys(SHARES).join() },
    minutes: { type: "string", default: "8" },
    case: { type: "string", default: "" },
    tests: { type: "string", default: "" },
  },
});

/** Large batches, long rows, short ones, Gaussians, expectations and the way there and back; half the bytes; a window. */
const CASES = [
  "softmax/4096x1024",
  "logSumExp/4096x1024",
  "crossEntropyWithGradient/4096x1024",
  "softmax/448x32064",
  "logSumExp/448x32064",
  "crossEntropy/448x32064",
  "logSumExp/1x1000000",
  "softmax/65536x64",
  "softmax/1000000x7",
  "crossEntropy/1000000x7",
  "gaussian",
  "expectation",
  "empty",
  "check/halves",
  "check/window",
];

/** Ours, what only moves or makes as much, and the library whose kernels come closest. */
const WHO = ["surprisal WebGPU", "ceiling", "jax-js WebGPU"];

const TUNED = [softmax, logSumExp, entropy, crossEntropy, crossEntropyWithGradient, klDivergence, rowStatistics];

const SHAPES = [
  [448, 32_064],
  [4_096, 1_024],
  [1, 1_000_000],
  [65_536, 64],
  [1_000_000, 7],
];

const LIMITS = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxComputeWorkgroupsPerDimension",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupStorageSize",
] as const;

const list = (text: string) => text.split(",").filter(Boolean);
const say = (text: string) => console.error(text);
const result: Record<string, unknown> = { date: new Date().toISOString(), command: process.argv.slice(2).join(" ") };
const pages: string[] = [];

const unknown = list(values.only).filter((name) => !(name in SHARES));
if (unknown.length > 0 || !(Number(values.minutes) > 0)) {
  say(`--only must name some of ${Object.keys(SHARES).join(", ")}, and --minutes be a number above 0`);
  process.exit(2);
}
const release = await provideGpu(values.dawn ?? process.env.WEBGPU_NODE);
const parts: Readonly<Record<PartName, (signal: AbortSignal) => Promise<string>>> = { numerics, race, tuning, tests };
let failed = false;
for (const name of Object.keys(parts) as PartName[]) {
  if (!list(values.only).includes(name)) continue;
  const minutes = (SHARES[name] * Number(values.minutes)) / 8;
  const start = performance.now();
  say(`\n${name}, ${minutes.toFixed(1)} minutes at most`);
  let text: string;
  try {
    text = await parts[name](AbortSignal.timeout(minutes * 60_000));
  } catch (error) {
    failed = true;
    text = `Failed: ${error instanceof Error ? (error.stack ?? error.message) : error}`;
  }
  const seconds = (performance.now() - start) / 1_000;
  pages.push(`## ${name}\n\nIn ${seconds.toFixed(0)} s.\n\n${text}\n`);
  write();
}
console.log(pages.join("\n"));
release();
// Workers and devices would keep the process alive.
process.exit(failed ? 1 : 0);

function write(): void {
  mkdirSync(values.out, { recursive: true });
  const [cpu] = cpus();
  const machine = `${cpu?.model.trim() ?? "unknown processor"}, ${cpus().length} cores`;
  const head = `# Measured on a GPU\n\n${String(result.date).slice(0, 10)}, ${machine}, \`run.sh ${result.command}\`\n`;
  writeFileSync(`${values.out}/gpu.md`, [head, ...pages].join("\n"));
  writeFileSync(`${values.out}/gpu.json`, `${JSON.stringify(result, null, 1)}\n`);
}

async function numerics(): Promise<string> {
  using engine = await Engine.create({ backend: "webgpu" });
  const found = {
    adapter: engine.adapter,
    diagnosis: engine.diagnosis,
    // Limits of a platform object are getters, which JSON does not see.
    limits: Object.fromEntries(LIMITS.map((name) => [name, engine.limits[name]])),
    features: [...(engine.device?.features ?? [])].sort(),
    numerics: engine.numerics,
  };
  result.numerics = found;
  return `\`\`\`json\n${JSON.stringify(found, null, 1)}\n\`\`\``;
}

async function race(signal: AbortSignal): Promise<string> {
  const options = { cases: values.case ? list(values.case) : CASES, who: WHO, quick: true, full: false };
  const environment = await environmentOf(`Node.js/${process.versions.node}`);
  const findings: Finding[] = [];
  let failures: Readonly<Record<string, string>> = {};
  let left = "";
  try {
    const output = { progress: say, found: (one: Finding) => void findings.push(one) };
    ({ failures } = await runUnits(unitsOf(options), environment, options, output, signal));
  } catch (error) {
    if (!signal.aborted) throw error;
    left = "\n\nTime ran out: not all cases are here.";
  }
  const run = joined([findingsOf(environment, findings, failures)]);
  result.race = run;
  return `${detailsMarkdown(run)}${left}`;
}

async function tuning(signal: AbortSignal): Promise<string> {
  using engine = await Engine.create({ device: await ownDevice() });
  let found: Tuning | undefined;
  const left: string[] = [];
  // Shapes first: should time run out, every function has had its turn at some.
  for (const shape of SHAPES) {
    for (const one of TUNED) {
      const name = `${one.tuning.name} [${shape.join(" × ")}]`;
      if (signal.aborted) {
        left.push(name);
        continue;
      }
      found = await engine.tune([one], { shapes: [shape], signal }).catch((error: unknown) => {
        if (!signal.aborted) throw error;
        left.push(name);
        return found;
      });
      if (signal.aborted) continue;
      const { layout, gain } = found?.layouts.at(-1) ?? { layout: null, gain: 1 };
      say(`${name}: ${layout ? `${gain.toFixed(2)} × by ${JSON.stringify(layout)}` : "the rule"}`);
    }
  }
  result.tuning = found;
  const table: Table = {
    title: "Layouts that are quicker than the rule's",
    head: ["function", "logits", "layout", "gain"],
    rows: (found?.layouts ?? []).map(({ function: name, shape, layout, gain }) => [
      name,
      shape.join(" × "),
      layout ? JSON.stringify(layout) : "the rule's",
      gain.toFixed(2),
    ]),
  };
  const rest = left.length > 0 ? `\n\nNo time was left for ${left.join(", ")}.` : "";
  return `${markdownTable(table)}${rest}`;
}

async function tests(signal: AbortSignal): Promise<string> {
  const report: TestReport = await runTests(list(values.tests), signal, say);
  result.tests = report;
  if (report.failed > 0 || report.passed === 0) failed = true;
  const { passed, skipped, failures, left } = report;
  const lines = [`${passed} passed, ${report.failed} failed, ${skipped} skipped.`];
  if (left.length > 0) lines.push(`No time was left for ${left.length} files: ${left.join(", ")}.`);
  for (const { test, message } of failures) lines.push(`- ${test}: ${message.replace(/\s+/g, " ")}`);
  return lines.join("\n\n");
}
