import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packageVersions } from "./packages.mjs";
import { withModule } from "./server.mjs";

/** @typedef {import("./report/record.ts").Run} Run */

/**
 * Writes results/<name>.md, .json and .csv, and -scaling.svg where scalings were measured.
 * @param {string} name
 * @param {string} command
 * @param {readonly Run[]} runs
 * @param {string} [folder]
 */
export async function writeRecord(name, command, runs, folder = fileURLToPath(new URL("results/", import.meta.url))) {
  const record = {
    schema: 4,
    date: new Date().toISOString().slice(0, 10),
    command,
    machine: machine(),
    versions: packageVersions,
    runs,
  };
  mkdirSync(folder, { recursive: true });
  await withModule("report/files.ts", ({ recordFiles }) => {
    for (const [file, text] of Object.entries(recordFiles(name, record))) writeFileSync(join(folder, file), text);
  });
}

/** The command line, as it can be typed again. @param {string} command @param {readonly string[]} args */
export function commandOf(command, args) {
  return [command, ...args.map((arg) => (/[\s,*]/.test(arg) ? `"${arg}"` : arg))].join(" ");
}

function machine() {
  const [cpu] = cpus();
  return `${cpu?.model.trim() ?? "unknown processor"}, ${cpus().length} cores, ${process.platform} ${process.arch}`;
}
