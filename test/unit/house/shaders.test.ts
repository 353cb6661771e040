import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const root = new URL("../../../shaders/", import.meta.url);

/** Parameters and body of each function of a shader but `main`, with spaces, prefixes of constants and the name of a b + c made one. */
function functionsIn(code: string): readonly (readonly [name: string, text: string])[] {
  const plain = code.replace(/\/\/.*$/gm, "");
  return [...plain.matchAll(/^fn (\w+)(\([\s\S]*?\n\})/gm)].flatMap(([, name = "", text = ""]) => {
    if (name === "main") return [];
    const summed = text.replace(
      /math_mad(?:_any)?\(([^,()]+), ([^,()]+), ([^,()]+), zero\)/g,
      "math_opaque($1 * $2, zero) + $3",
    );
    return [[name, summed.replace(/\b(F|MATH)_(?=[A-Z])/g, "").replace(/\s+/g, " ")] as const];
  });
}

/** Functions that are one and the same but for their names, as lists of where they stand. */
function twins(files: readonly (readonly [file: string, code: string])[]): readonly string[] {
  const places = new Map<string, string[]>();
  for (const [file, code] of files) {
    for (const [name, text] of functionsIn(code)) {
      // Of one line, such as the cores of entropy and of softmax without a mask, some are alike by chance.
      if (text.length > 80) places.set(text, [...(places.get(text) ?? []), `${file} ${name}`]);
    }
  }
  return [...places.values()].filter((found) => found.length > 1).map((found) => found.join(", "));
}

test("no function of a shader stands in another one too", () => {
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".wgsl"));
  expect(files.length).toBeGreaterThan(100);
  const found = twins(files.map((file) => [file, readFileSync(new URL(file, root), "utf8")]));
  expect(found, "put it in a file of shaders/lib of its own").toEqual([]);
});

test("functions are found alike whatever they and their constants are called", () => {
  const ours = `// Horner's rule
fn normal_tail(d: f32, zero: u32) -> f32 {
  var a = math_opaque(d * NORMAL_TOP_0, zero) + NORMAL_TOP_1;
  return math_opaque(a * d, zero) + NORMAL_TOP_2;
}`;
  const theirs = `fn f_tail(d: f32, zero: u32) -> f32 {
  var a = math_mad_any(d, F_NORMAL_TOP_0, F_NORMAL_TOP_1, zero);
  return math_mad(a, d, F_NORMAL_TOP_2, zero); // rounded twice
}`;
  const others = theirs.replace("a, d", "d, a");
  expect(
    twins([
      ["a.wgsl", ours],
      ["b.wgsl", theirs],
      ["c.wgsl", others],
    ]),
  ).toEqual(["a.wgsl normal_tail, b.wgsl f_tail"]);
});
