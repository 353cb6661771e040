import { readFileSync } from "node:fs";
import { withModule } from "./server.mjs";
import { UsageError } from "./usage.mjs";

/**
 * Prints how far the ratios of two records agree; 0 if they do as they must, else 1.
 * @param {readonly string[]} files
 */
export function comparison(files) {
  if (files.length !== 2) throw new UsageError(`--compare: needed two records (JSON), got ${files.length}`);
  const [a, b] = files.map(recordIn);
  return withModule("report/agreement.ts", ({ agreementOf, agreementMarkdown }) => {
    const agreement = agreementOf(a, b);
    console.log(agreementMarkdown(agreement));
    return agreement.pass ? 0 : 1;
  });
}

/**
 * @param {string} file
 * @returns {import("./report/record.ts").BenchRecord}
 */
function recordIn(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UsageError(`--compare: ${file} is no record: ${error instanceof Error ? error.message : error}`);
  }
}
