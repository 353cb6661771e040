import { readFileSync } from "node:fs";
import { withModule } from "./server.mjs";

/**
 * Prints how far the ratios of two records agree; 0 if they do as they must, else 1.
 * @param {readonly string[]} files
 */
export function comparison(files) {
  if (files.length !== 2) throw new Error(`--compare needs two records, got ${files.length}`);
  const [a, b] = files.map((file) => JSON.parse(readFileSync(file, "utf8")));
  return withModule("report/agreement.ts", ({ agreementOf, agreementMarkdown }) => {
    const agreement = agreementOf(a, b);
    console.log(agreementMarkdown(agreement));
    return agreement.pass ? 0 : 1;
  });
}
