import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, realpathSync, statSync } from "node:fs";
import { aptInstall } from "../scripts/apt.mjs";
import { install } from "../scripts/install.mjs";

// npm run bench:gpu -- [--archive | what bench/gpu/main.ts takes]
//
// Measures and tests everything on this machine's GPU; or with --archive packs all that another machine needs for it: x86-64 Linux with
// a GPU and its driver, and nothing else. There: tar xJf surprisal-gpu.tar.xz && surprisal-gpu/run.sh

const args = process.argv.slice(2);
if (args.includes("--archive") && (process.platform !== "linux" || process.arch !== "x64")) {
  throw new Error(
    `--archive carries this machine's Node: needed Linux on x64, got ${process.platform} on ${process.arch}`,
  );
}
install();
const { bundle } = await import("./bundle.mjs");
const { root } = await import("./packages.mjs");
const { softwareAdapter } = await import("./node/software-adapter.mjs");
const file = await bundle("gpu/main.ts", "surprisal-gpu", {
  single: false,
  replaced: { vitest: "gpu/vitest.ts" },
  // Tests export nothing: the package's word that its modules have no side effects would leave them out.
  treeshake: false,
});
if (args.includes("--archive")) archive();
else {
  const out = args.includes("--out") ? [] : ["--out", `${root}dist-bench/gpu-results`];
  const { status } = spawnSync(process.execPath, [file, ...args, ...out], {
    stdio: "inherit",
    env: { ...process.env, ...softwareAdapter() },
  });
  process.exitCode = status ?? 1;
}

function archive() {
  const folder = `${root}dist-bench/surprisal-gpu`;
  const dawn = `${root}node_modules/webgpu/dist/linux-x64/dawn.node`;
  const parts = { node: process.execPath, "dawn.node": dawn, "run.sh": `${root}bench/gpu/run.sh`, ...loader() };
  for (const [name, from] of Object.entries(parts)) copyFileSync(realpathSync(from), `${folder}/${name}`);
  for (const name of ["node", "run.sh"]) chmodSync(`${folder}/${name}`, 0o755);
  const packed = `${root}dist-bench/surprisal-gpu.tar.xz`;
  const { status } = spawnSync("tar", ["-C", `${root}dist-bench`, "-cJf", packed, "surprisal-gpu"], {
    stdio: "inherit",
    env: { ...process.env, XZ_OPT: "-T0" },
  });
  if (status !== 0) throw new Error("--archive: tar could not pack it; it needs tar and xz");
  console.log(`${packed} (${(statSync(packed).size / 2 ** 20).toFixed(1)} MiB)`);
}

/** Vulkan's loader, which drivers do not always bring. */
function loader() {
  const path = "/usr/lib/x86_64-linux-gnu/libvulkan.so.1";
  if (!existsSync(path)) aptInstall(["libvulkan1"]);
  if (!existsSync(path))
    throw new Error("--archive: Vulkan's loader is missing; install libvulkan1 (apt-get install libvulkan1)");
  return { "libvulkan.so.1": path };
}
