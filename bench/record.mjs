import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { packages, versions } from "./server.mjs";

/** @typedef {import("./benchmark.ts").Report & { browser: string }} Run */

/**
 * Writes results/<name>.md and results/<name>.json: what was measured, and on what.
 * @param {string} name
 * @param {readonly string[]} args Of the command line.
 * @param {readonly Run[]} runs
 */
export function record(name, args, runs) {
  const date = new Date().toISOString().slice(0, 10);
  const command = ["npm run bench --", ...args.map((arg) => (arg.includes(" ") ? `"${arg}"` : arg))].join(" ");
  const [cpu] = cpus();
  const machine = `${cpu?.model ?? "unknown processor"}, ${cpus().length} cores, ${process.platform} ${process.arch}`;
  const folder = fileURLToPath(new URL("results/", import.meta.url));
  mkdirSync(folder, { recursive: true });
  const bare = runs.map(({ markdown: _, ...run }) => run);
  const sections = runs.map(({ browser, markdown }) => `## ${browser}\n\n${markdown}`);
  const facts = { date, command, machine, versions };
  writeFileSync(`${folder}${name}.json`, `${JSON.stringify({ ...facts, runs: bare }, undefined, 2)}\n`);
  writeFileSync(`${folder}${name}.md`, `${[head(facts), ...sections].join("\n\n")}\n`);
}

/** @param {{ date: string, command: string, machine: string, versions: Record<string, string> }} facts */
function head({ date, command, machine, versions }) {
  const peers = Object.entries(packages).map(([key, name]) => `${name} ${versions[key]}`);
  return `# Benchmark of ${date}\n\n\`${command}\` on ${machine}; against ${peers.join(", ")}.`;
}
