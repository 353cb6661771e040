import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { aptInstall } from "../scripts/apt.mjs";
import { ensureBrowsers } from "../scripts/browsers.mjs";
import { install } from "../scripts/install.mjs";

// npm run bench:isa -- [--target TEXT] [--call TEXT] [--record] [--check]
//
// Compiles kernels for graphics cards that need not be there, and says what that costs (NOTES.md). What is missing is installed
// where that is allowed; otherwise the program says what to install.

install();
// Chromium brings the software GPU that Dawn makes a device on, and Firefox the drivers of Mesa.
await ensureBrowsers();
if (!existsSync("/usr/include/vulkan/vk_layer.h")) aptInstall(["gcc", "libc6-dev", "libvulkan-dev"]);
const { bundle } = await import("./bundle.mjs");
const { root } = await import("./packages.mjs");
const file = await bundle("isa/main.ts", "isa", { single: false });
const { status } = spawnSync(process.execPath, [file, "--root", root, ...process.argv.slice(2)], { stdio: "inherit" });
process.exitCode = status ?? 1;
