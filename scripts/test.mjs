import { browserNames, ensureBrowsers } from "./browsers.mjs";
import { install } from "./install.mjs";

install();
const needed = browsersOf(projectFilters(process.argv.slice(2)));
try {
  if (needed.length > 0) await ensureBrowsers(needed);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
process.argv.splice(2, 0, "run");
const vitest = new URL("../node_modules/vitest/vitest.mjs", import.meta.url);
await import(vitest.href);

/** @param {string[]} args */
function projectFilters(args) {
  return args.flatMap((arg, i) => {
    if (arg === "--project") return args[i + 1] ?? [];
    return arg.startsWith("--project=") ? arg.slice("--project=".length) : [];
  });
}

/** @param {string[]} projects */
function browsersOf(projects) {
  const known = projects.length > 0 && projects.every((name) => ["unit", "demos", ...browserNames].includes(name));
  if (!known) return browserNames;
  return browserNames.filter((name) => projects.includes(name) || (name === "chromium" && projects.includes("demos")));
}
