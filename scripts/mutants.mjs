// Plants each fault of test/mutants.mjs in a copy of the repository and runs the tests that should find it there; where they do
// not, all of `npm test`. Fails where a fault survives, and before anything runs where a text is not found exactly once.
//
//   node scripts/mutants.mjs [--named] [part of a fault's words]
//
// --named spares `npm test`: what the named files do not find has survived.

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { mutants } from "../test/mutants.mjs";
import { browserNames, ensureBrowsers } from "./browsers.mjs";
import { install } from "./install.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

/** A run that takes longer than this hangs, which is a way to be found. */
const MOST_MILLISECONDS = 15 * 60_000;

const args = process.argv.slice(2);
const named = args.includes("--named");
const words = args.filter((arg) => arg !== "--named");
const odd = words.find((word) => word.startsWith("-"));
if (odd !== undefined) {
  console.error(`there is no option ${odd}; there are --named and words of the faults to plant`);
  process.exit(1);
}
const wanted = mutants.filter(({ fault }) => words.every((word) => fault.includes(word)));

const files = sourceFiles();
const placed = wanted.map((mutant) => ({ ...mutant, file: fileWith(mutant.find) }));
const lost = placed.filter(({ file }) => file === undefined);
if (lost.length > 0) {
  for (const { fault, find } of lost) console.error(`"${fault}": not exactly once in src/ and shaders/:\n${find}\n`);
  process.exit(1);
}

// Here, because the copy's packages are links to these.
install();
await ensureBrowsers(browserNames);
const vitest = join(root, "node_modules/vitest/vitest.mjs");

const copy = mkdtempSync(join(tmpdir(), "surprisal-mutants-"));
try {
  copyRepository();
  const survivors = placed.filter((mutant) => !isFound(mutant));
  console.log(`\n${placed.length - survivors.length} of ${placed.length} faults found`);
  for (const { fault, file } of survivors) console.log(`survived: ${fault} (${file})`);
  process.exitCode = survivors.length > 0 ? 1 : 0;
} finally {
  rmSync(copy, { recursive: true, force: true });
}

/** Text of every source file, by its path from the root. */
function sourceFiles() {
  const paths = ["src", "shaders"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((path) => join(folder, path)),
  );
  const sources = paths.filter((path) => /\.(ts|js|wgsl)$/.test(path));
  return new Map(sources.map((path) => [path, readFileSync(join(root, path), "utf8")]));
}

/**
 * The one file that holds a text, once.
 *
 * @param {string} text
 */
function fileWith(text) {
  const holders = [...files].flatMap(([path, code]) => Array(code.split(text).length - 1).fill(path));
  return holders.length === 1 ? /** @type {string} */ (holders[0]) : undefined;
}

function copyRepository() {
  const left = new Set(["node_modules", ".git"]);
  cpSync(root, copy, {
    recursive: true,
    filter: (path) => {
      const [top = ""] = relative(root, path).split(sep);
      return !left.has(top) && !top.startsWith("dist");
    },
  });
  // Packages are links, but not what vite keeps beside them, which another run of tests may be using.
  mkdirSync(join(copy, "node_modules"));
  for (const name of readdirSync(join(root, "node_modules"))) {
    if (name.startsWith(".vite")) continue;
    symlinkSync(join(root, "node_modules", name), join(copy, "node_modules", name), "junction");
  }
}

/** @param {import("../test/mutants.mjs").Mutant & { readonly file: string | undefined }} mutant */
function isFound({ fault, file = "", find, replace, seenBy }) {
  const path = join(copy, file);
  const code = readFileSync(path, "utf8");
  writeFileSync(
    path,
    code.replace(find, () => replace),
  );
  const start = Date.now();
  try {
    const found = firstFailure([...projectsOf(seenBy), ...seenBy]) ?? (named ? undefined : firstFailure([]));
    const seconds = Math.round((Date.now() - start) / 1000);
    console.log(`${found ? "found" : "SURVIVED"} in ${seconds} s: ${fault} (${file})${found ? `\n    ${found}` : ""}`);
    return found !== undefined;
  } finally {
    writeFileSync(path, code);
  }
}

/**
 * Chromium alone tries what the named files say of the GPU; both browsers do in `npm test`.
 *
 * @param {readonly string[]} tests
 */
function projectsOf(tests) {
  const unit = tests.some((path) => path.startsWith("test/unit/")) ? ["--project", "unit"] : [];
  return tests.some((path) => path.startsWith("test/gpu/")) ? [...unit, "--project", "chromium"] : unit;
}

/**
 * The name of the first test that fails; undefined where all pass.
 *
 * @param {readonly string[]} options of vitest
 */
function firstFailure(options) {
  const { stdout, stderr, error } = spawnSync(process.execPath, [vitest, "run", "--bail", "1", ...options], {
    cwd: copy,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
    maxBuffer: 2 ** 30,
    timeout: MOST_MILLISECONDS,
  });
  if (error && "code" in error && error.code === "ETIMEDOUT") return "does not end";
  const [, passed, failed] = /^(\d+) passed, (\d+) failed$/m.exec(stdout) ?? [];
  if (failed === undefined || (passed === "0" && failed === "0")) {
    throw new Error(`the tests did not run:\n${stdout.slice(-4_000)}\n${stderr.slice(-4_000)}`);
  }
  if (failed === "0") return undefined;
  return /^\s*FAIL\s+(.+)$/m.exec(`${stdout}\n${stderr}`)?.[1] ?? "an error outside the tests";
}
