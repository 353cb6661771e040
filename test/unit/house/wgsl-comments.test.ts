import { expect, test } from "vitest";
import { stripComments } from "../../../scripts/wgsl.mjs";

test.each([
  ["let x = 1; // one\n\n  let y = x;", "let x = 1;\nlet y = x;\n"],
  ["a /* b /* nested */ c */ d", "a d\n"],
  ["a/**/b", "a b\n"],
  ["x / y * z", "x / y * z\n"],
  ["/* a\n // b */ c", "c\n"],
  ["// a /* b\nc", "c\n"],
])("%j without comments", (code, want) => {
  expect(stripComments(code)).toBe(want);
});
