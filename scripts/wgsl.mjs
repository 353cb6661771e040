import { readFileSync } from "node:fs";

/**
 * WGSL without comments, empty lines and needless spaces.
 * @param {string} code
 */
export function stripComments(code) {
  let kept = "";
  let depth = 0;
  let inLine = false;
  for (const [token] of code.matchAll(/\/\*|\*\/|\/\/|\n|[^/*\n]+|[/*]/g)) {
    if (token === "\n") {
      inLine = false;
      kept += "\n";
    } else if (inLine) continue;
    else if (token === "/*") {
      depth++;
      kept += " ";
    } else if (token === "*/" && depth > 0) depth--;
    else if (depth > 0) continue;
    else if (token === "//") inLine = true;
    else kept += token;
  }
  const lines = kept.split("\n").map((line) => line.trim().replace(/ +/g, " "));
  return `${lines.filter((line) => line !== "").join("\n")}\n`;
}

/** Vite plugin: `import code from "./x.wgsl?raw"` gives the stripped source. */
export const embedWgsl = {
  name: "embed-wgsl",
  enforce: /** @type {const} */ ("pre"),
  /** @param {string} id */
  load(id) {
    if (!id.endsWith(".wgsl?raw")) return;
    const code = readFileSync(id.slice(0, -"?raw".length), "utf8");
    return `export default ${JSON.stringify(stripComments(code))};`;
  },
};
