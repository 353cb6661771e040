import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/** @typedef {"chromium" | "firefox"} BrowserName */
/** @typedef {Partial<Record<BrowserName, string>>} Browsers Paths of executables. */

/** @type {readonly BrowserName[]} */
export const browserNames = ["chromium", "firefox"];

const variables = { chromium: "PUPPETEER_EXECUTABLE_PATH", firefox: "FIREFOX_EXECUTABLE_PATH" };
const commands = {
  chromium: ["google-chrome-stable", "google-chrome", "chromium", "chromium-browser", "chrome"],
  firefox: ["firefox", "firefox-esr"],
};
const places = {
  chromium: [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Google/Chrome/Application/chrome.exe",
  ],
  firefox: ["/Applications/Firefox.app/Contents/MacOS/firefox", "C:/Program Files/Mozilla Firefox/firefox.exe"],
};
const downloads = { chromium: "chrome", firefox: "firefox" };
const packages = { chromium: "chromium", firefox: "firefox-esr" };
const vulkanPackage = "mesa-vulkan-drivers";

const settings = {
  chromium: {
    browser: /** @type {const} */ ("chrome"),
    args: [
      "--no-sandbox",
      "--enable-unsafe-webgpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  },
  firefox: {
    browser: /** @type {const} */ ("firefox"),
    args: [],
    extraPrefsFirefox: {
      "dom.webgpu.enabled": true,
      "dom.webgpu.workers.enabled": true,
      "gfx.webgpu.ignore-blocklist": true,
    },
  },
};

/**
 * The browsers of this machine: named by a variable, installed, or downloaded before.
 * @returns {Promise<Browsers>}
 */
export async function findBrowsers() {
  /** @type {Browsers} */
  const found = {};
  for (const name of browserNames) {
    const path = fromVariable(name) ?? installed(name) ?? (await downloaded(name));
    if (path) found[name] = path;
  }
  return found;
}

/**
 * Finds browsers, and downloads or installs what is missing; throws with what to install by hand.
 * @param {readonly BrowserName[]} names
 */
export async function ensureBrowsers(names = browserNames) {
  let missing = await lacking(names);
  for (const name of missing) download(name);
  missing = await lacking(names);
  if (missing.length > 0 || lacksVulkan(names)) {
    aptInstall([...missing.map((name) => packages[name]), ...(lacksVulkan(names) ? [vulkanPackage] : [])]);
    missing = await lacking(names);
  }
  if (missing.length > 0 || lacksVulkan(names)) throw new Error(instructions(missing));
}

/**
 * Starts a browser with WebGPU on, on a software adapter if the machine has no GPU.
 * @param {BrowserName} name
 * @param {import("puppeteer").LaunchOptions} [options]
 */
export async function launch(name, options = {}) {
  const executablePath = (await findBrowsers())[name];
  if (!executablePath) throw new Error(instructions([name]));
  const { default: puppeteer } = await import("puppeteer");
  const { args = [], ...rest } = options;
  return puppeteer.launch({ ...settings[name], ...rest, executablePath, args: [...settings[name].args, ...args] });
}

/** @param {BrowserName} name */
function fromVariable(name) {
  const path = process.env[variables[name]];
  if (path && !existsSync(path)) throw new Error(`${variables[name]} is ${path}, which does not exist.`);
  return path || undefined;
}

/** @param {BrowserName} name */
function installed(name) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const onPath = commands[name].flatMap((command) => folders.map((folder) => join(folder, command)));
  return [...onPath, ...places[name]].find((path) => existsSync(path));
}

/** @param {BrowserName} name */
async function downloaded(name) {
  const { getInstalledBrowsers } = await import("@puppeteer/browsers");
  const cacheDir = process.env.PUPPETEER_CACHE_DIR ?? join(homedir(), ".cache", "puppeteer");
  const found = await getInstalledBrowsers({ cacheDir }).catch(() => []);
  return found.find(({ browser }) => browser === downloads[name])?.executablePath;
}

/** @param {readonly BrowserName[]} names */
async function lacking(names) {
  const found = await findBrowsers();
  return names.filter((name) => !runs(found[name]));
}

/**
 * A download on a bare system lacks shared libraries, which shows only when it runs.
 * @param {string | undefined} path
 */
function runs(path) {
  if (!path) return false;
  if (process.platform === "win32") return true;
  return spawnSync(path, ["--version"], { stdio: "ignore", timeout: 30_000 }).status === 0;
}

/**
 * Chromium brings its own software adapter; Firefox on Linux needs a Vulkan driver.
 * @param {readonly BrowserName[]} names
 */
function lacksVulkan(names) {
  if (process.platform !== "linux" || !names.includes("firefox")) return false;
  const folders = ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d"];
  return !folders.some((folder) => existsSync(folder) && readdirSync(folder).some((file) => file.endsWith(".json")));
}

/** @param {BrowserName} name */
function download(name) {
  console.log(`Downloading ${downloads[name]} …`);
  const cli = new URL("../node_modules/puppeteer/lib/cjs/puppeteer/node/cli.js", import.meta.url);
  run(process.execPath, [cli.pathname, "browsers", "install", downloads[name]], 180_000);
}

/** @param {string[]} names */
function aptInstall(names) {
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
 */
function run(command, args, timeout) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return spawnSync(command, args, { stdio: "inherit", timeout, env });
}

/** @param {readonly BrowserName[]} missing */
function instructions(missing) {
  const what = missing.length > 0 ? missing.join(" and ") : "a Vulkan driver for firefox";
  return [
    `The GPU tests need ${what}, and none could be found or installed.`,
    `  Debian, Ubuntu:  apt-get install ${packages.chromium} ${packages.firefox} ${vulkanPackage}`,
    `  anywhere:        npx puppeteer browsers install chrome; npx puppeteer browsers install firefox`,
    `  or name them:    ${variables.chromium}=…/chrome  ${variables.firefox}=…/firefox`,
  ].join("\n");
}
