import { spawnSync } from "node:child_process";
import { existsSync, lstatSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Installs node_modules unless it is already what package-lock.json asks for. */
export function install() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) fail(`Surprisal needs Node 20.19 or later, got ${process.version}.`);
  if (isFresh()) return;
  // npm ci would empty the folder that it leads to.
  if (lstatSync(`${root}node_modules`, { throwIfNoEntry: false })?.isSymbolicLink()) {
    fail("node_modules is a link to a folder that package-lock.json does not describe; remove the link and try again.");
  }
  const windows = process.platform === "win32";
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], {
    cwd: root,
    stdio: "inherit",
    shell: windows,
  });
  if (status !== 0) fail("npm ci failed; its message is above.");
}

function isFresh() {
  const want = lockedVersions("package-lock.json");
  const have = lockedVersions("node_modules/.package-lock.json");
  return (
    have.size > 0 &&
    [...have].every(([path, { version }]) => want.get(path)?.version === version) &&
    [...want].every(([path, { optional }]) => optional || have.has(path))
  );
}

/** @param {string} file */
function lockedVersions(file) {
  /** @type {Map<string, { version: string, optional?: boolean }>} */
  const versions = new Map();
  if (!existsSync(root + file)) return versions;
  const { packages } = JSON.parse(readFileSync(root + file, "utf8"));
  for (const [path, entry] of Object.entries(packages)) if (path) versions.set(path, entry);
  return versions;
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  console.error(message);
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) install();
