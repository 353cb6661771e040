import { spawnSync } from "node:child_process";
import { install } from "../scripts/install.mjs";

// npm run bench:node -- [--build] [what dist-bench/node.mjs takes]
//
// Makes dist-bench/node.mjs, one file that needs nothing but Node and the npm package "webgpu", and unless --build is
// given runs it.

install();
const { bundle } = await import("./bundle.mjs");
const { root } = await import("./packages.mjs");
const { softwareAdapter } = await import("./node/software-adapter.mjs");
const args = process.argv.slice(2);
const file = await bundle("node/main.ts", "node", { single: true });

if (!args.includes("--build")) {
  const out = args.includes("--record") && !args.includes("--out") ? ["--out", `${root}bench/results`] : [];
  const { status } = spawnSync(process.execPath, [file, ...args, ...out], {
    stdio: "inherit",
    env: { ...process.env, ...softwareAdapter() },
  });
  process.exitCode = status ?? 1;
}
