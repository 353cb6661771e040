import { spawnSync } from "node:child_process";

/**
 * Installs Debian's packages where that is allowed: on Linux, as root.
 * @param {string[]} names
 */
export function aptInstall(names) {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return;
  console.log(`Installing ${names.join(", ")} …`);
  const wait = ["-o", "DPkg::Lock::Timeout=300", "-q"];
  run("apt-get", [...wait, "update"], 300_000);
  run("apt-get", [...wait, "install", "-y", "--no-install-recommends", ...names], 900_000);
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {number} timeout
 * @param {"inherit" | "pipe"} [stdio]
 */
export function run(command, args, timeout, stdio = "inherit") {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return spawnSync(command, args, { stdio, timeout, env, encoding: "utf8" });
}
