import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const root = new URL("../../../src/", import.meta.url);

test("a doc comment says what its export is: none serves for three of them", () => {
  const exportsOf = new Map<string, string[]>();
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".ts"));
  for (const file of files) {
    const code = readFileSync(new URL(file, root), "utf8");
    for (const [, comment = "", name] of code.matchAll(/^\/\*\* (.*) \*\/\nexport (?:async )?\w+ (\w+)/gm)) {
      exportsOf.set(comment, [...(exportsOf.get(comment) ?? []), `${file} ${name}`]);
    }
  }
  expect(exportsOf.size).toBeGreaterThan(500);
  // A function and its twin in other arithmetic may be described alike.
  const worn = [...exportsOf].filter(([, found]) => found.length > 2);
  expect(worn).toEqual([]);
});
