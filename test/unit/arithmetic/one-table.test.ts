import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ELEMENTARY } from "../../../src/arithmetic/elementary.ts";
import { elementaryWgsl } from "../../../src/arithmetic/elementary-wgsl.ts";
import { math } from "../../../src/arithmetic/math-wgsl.ts";
import { variates } from "../../../src/arithmetic/variates-wgsl.ts";
import { wgslConstants } from "../../../src/arithmetic/wgsl-constants.ts";
import { longDecimals, placesOf } from "../../support/arithmetic/decimals.ts";

const root = new URL("../../../", import.meta.url);

function filesIn(folder: string, ending: RegExp): readonly string[] {
  const paths = readdirSync(new URL(folder, root), { recursive: true, encoding: "utf8" });
  return paths.filter((path) => ending.test(path)).map((path) => `${folder}/${path}`);
}

test("no long decimal stands twice in src and shaders, nor two that are one f32", () => {
  const files = [...filesIn("src", /\.(ts|js)$/), ...filesIn("shaders", /\.wgsl$/)];
  const places = placesOf(files.map((file) => [file, readFileSync(new URL(file, root), "utf8")]));
  expect(places.size).toBeGreaterThan(200);
  const twice = [...places.values()].filter((found) => found.length > 1).map((found) => found.join(", "));
  expect(twice, "take it from src/arithmetic/coefficients.ts, or give it a name").toEqual([]);
});

test.each([
  [
    "two files",
    [
      ["a.ts", "const A = 0.693359375;"],
      ["b.wgsl", "let b = n * 6.93359375e-1;"],
    ],
  ],
  ["one line", [["a.ts", "f(88.7228317, 88.7228317)"]]],
  [
    "f32 and f64",
    [
      ["a.ts", "f32(0.577215672)"],
      ["b.ts", "const EULER = 0.5772156649015329;"],
    ],
  ],
  [
    "both signs",
    [
      ["a.ts", "x - 0.166666552"],
      ["b.ts", "[-0.166666552]"],
    ],
  ],
  [
    "separators",
    [
      ["a.wgsl", "let a = 3145728.5;"],
      ["b.ts", "3_145_728.5"],
    ],
  ],
] as const)("a decimal is found twice: %s", (_, files) => {
  expect([...placesOf(files).values()].map((found) => found.length)).toEqual([2]);
});

test.each([
  "// 0.693359375 of it",
  "/* 0.693359375\n 0.693359375 */",
  "0x3f3504f3, 4294967296, 1e300, 0.000625, 2 ** -126, 0x1.921fb6p-22",
])("no long decimal is found in %j", (text) => {
  expect(longDecimals(text)).toEqual([]);
});

/** The parts that are written behind constants; the elementary functions by themselves, and all at once. */
const parts: readonly (readonly [string, string])[] = [
  ["math.wgsl", math],
  ["variates.wgsl", variates],
  ...ELEMENTARY.map((name) => [name, elementaryWgsl([name])] as const),
];

const named = (code: string) => [...code.matchAll(/^const (\w+) = /gm)].map(([, name = ""]) => name);

test.each(parts)("%s finds the constants that it names in front of it", (_, code) => {
  const text = code.replace(/\/\/.*$/gm, "");
  const known = new Set([...named(math), ...named(code)]);
  const used = [...text.matchAll(/\b(?:MATH|F|RADIUS|ANGLE|NORMAL|TAIL)_[A-Z0-9_]+\b/g)].map(([name]) => name);
  expect(used.filter((name) => !known.has(name))).toEqual([]);
});

test("each constant that is written is named in some file", () => {
  const code = [math, variates, elementaryWgsl(ELEMENTARY)].join("\n");
  const shaders = filesIn("shaders", /\.wgsl$/).map((file) => readFileSync(new URL(file, root), "utf8"));
  const text = [code.replace(/^const .*\n/gm, ""), ...shaders].join("\n");
  expect(named(code).filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([]);
});

test("WGSL gets the f32 that is nearest to a number, read as f32 or by way of f64", () => {
  const words = Uint32Array.from({ length: 20_000 }, (_, k) => Math.imul(k + 1, 0x9e3779b9));
  const random = [...new Float32Array(words.buffer)].flatMap((x) => [x, x * (1 + 2 ** -24.5)]);
  const edges = [0, 1, -1, 2 ** 24, 2 ** -126, -(2 ** -149), (2 - 2 ** -23) * 2 ** 127, 0.5 - 2 ** -25, 1 / 3, 1e-10];
  const values = [...random, ...edges].filter((x) => Number.isFinite(Math.fround(x)));
  const code = wgslConstants({ X: values }) + [math, variates, elementaryWgsl(ELEMENTARY)].join("\n");
  const decimals = [...code.matchAll(/^const [A-Z0-9_]+ = (-?[\d.e+-]+)f;$/gm)].map(([, decimal = ""]) => decimal);
  expect(decimals.length).toBeGreaterThan(values.length + 150);
  expect(values.filter((value, k) => Math.fround(Number(decimals[k])) !== Math.fround(value))).toEqual([]);
  // Farther from where rounding changes than the error of a reading by way of f64.
  const stays = (x: number, factor: number) => Math.fround(x * factor) === Math.fround(x);
  const near = decimals.map(Number).filter((x) => !stays(x, 1 - 2 ** -52) || !stays(x, 1 + 2 ** -52));
  expect(near).toEqual([]);
});
