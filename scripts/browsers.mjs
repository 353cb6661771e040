import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { aptInstall, run } from "./apt.mjs";

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
const downloads = {
  chromium: { product: "chrome", host: "https://storage.googleapis.com" },
  firefox: { product: "firefox", host: "https://archive.mozilla.org" },
};
const packages = { chromium: "chromium", firefox: "firefox-esr" };
const puppeteerCli = fileURLToPath(new URL("../node_modules/puppeteer/lib/cjs/puppeteer/node/cli.js", import.meta.url));
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
    const path = fromVariable(name) ?? installed(name).find(runs) ?? (await downloaded(name)).find(runs);
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
  for (const name of missing) await download(name);
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
  if (path && !runs(path)) throw new Error(`${variables[name]} is ${path}, which is no browser that runs.`);
  return path || undefined;
}

/** @param {BrowserName} name */
function installed(name) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return [...commands[name].flatMap((command) => folders.map((folder) => join(folder, command))), ...places[name]];
}

/** @param {BrowserName} name */
async function downloaded(name) {
  const { getInstalledBrowsers } = await import("@puppeteer/browsers");
  const cacheDir = process.env.PUPPETEER_CACHE_DIR ?? join(homedir(), ".cache", "puppeteer");
  const found = await getInstalledBrowsers({ cacheDir }).catch(() => []);
  return found.filter(({ browser }) => browser === downloads[name].product).map((entry) => entry.executablePath);
}

/** @type {Set<string>} */
const known = new Set();

/**
 * A download on a bare system lacks shared libraries, and Ubuntu's chromium-browser may be a stub: only a run shows it.
 * @param {string} path
 */
function runs(path) {
  if (known.has(path)) return true;
  if (!existsSync(path)) return false;
  const works =
    process.platform === "win32" || spawnSync(path, ["--version"], { stdio: "ignore", timeout: 30_000 }).status === 0;
  if (works) known.add(path);
  return works;
}

/** @param {readonly BrowserName[]} names */
async function lacking(names) {
  const found = await findBrowsers();
  return names.filter((name) => !found[name]);
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
async function download(name) {
  const { product, host } = downloads[name];
  console.log(`Downloading ${product} …`);
  try {
    // Without this a network that drops packets costs minutes. Any answer will do, a refusal too.
    await fetch(host, { method: "HEAD", signal: AbortSignal.timeout(10_000) });
  } catch {
    return console.log(`${host} cannot be reached.`);
  }
  const { stderr, status } = run(process.execPath, [puppeteerCli, "browsers", "install", product], 600_000, "pipe");
  if (status !== 0) console.log(`${product} was not downloaded: ${stderr?.trim().split("\n").at(-1) ?? ""}`);
}

/** @param {readonly BrowserName[]} missing */
function instructions(missing) {
  const what = missing.length > 0 ? missing.join(" and ") : "a Vulkan driver for firefox";
  return [
    `This command needs ${what}, and none could be found or installed.`,
    `  Debian, Ubuntu:  apt-get install ${packages.chromium} ${packages.firefox} ${vulkanPackage}`,
    `  anywhere:        npx puppeteer browsers install chrome; npx puppeteer browsers install firefox`,
    `  or name them:    ${variables.chromium}=…/chrome  ${variables.firefox}=…/firefox`,
  ].join("\n");
}
