import { describe, expect, test } from "vitest";
import { longestFragment } from "../../../demos/shared/fragment.ts";
import { linkOf, misfit, readLink } from "../../../demos/variance/link.ts";
import { defaults, presets, type Settings } from "../../../demos/variance/model.ts";

describe("links", () => {
  test("are empty for what the page shows anyway", () => {
    expect(linkOf(defaults, "auto")).toBe("");
  });

  test("bring back what they were made of", () => {
    for (const { formula, family, a, b } of presets) {
      const settings: Settings = {
        ...defaults,
        formula,
        family,
        a,
        b,
        seed: 9,
        target: 11,
        methods: ["sobol"],
        view: "magnified",
      };
      const fragment = linkOf(settings, "cpu") ?? "";
      expect(fragment.startsWith("v=1&")).toBe(true);
      const { values, problems } = readLink(`#${fragment}`);
      expect(problems).toEqual([]);
      expect({ ...defaults, ...values }).toEqual({ ...settings, backend: "cpu" });
    }
  });

  test("of another version change nothing, and say so", () => {
    expect(readLink("#formula=x&seed=3")).toEqual({ values: {}, problems: [expect.stringContaining("v=1")] });
    expect(readLink("#v=2&seed=3").values).toEqual({});
    expect(readLink("#v=2&seed=3").problems).toHaveLength(2);
  });

  test.each([
    ["#v=1&formula=%E0%A4%A", "formula"],
    ["#v=1&formula=x%0A", "formula"],
    ["#v=1&target=12", "target"],
    ["#v=1&seed=-1", "seed"],
    ["#v=1&methods=sobol_magic", "methods"],
    ["#v=1&__proto__=1", "__proto__"],
    ["#v=1&seed=1&seed=2", "seed"],
  ])("leave out %s and name it", (hash, name) => {
    const { problems } = readLink(hash);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(name);
  });

  test("whose numbers do not fit together change nothing", () => {
    const { values, problems } = readLink("#v=1&family=normal&b=-1&seed=5");
    expect(values).toEqual({});
    expect(problems).toEqual(["σ must lie between 0.01 and 20"]);
  });

  test("too long to be safe are not read", () => {
    expect(readLink(`#v=1&formula=${"x".repeat(longestFragment)}`).values).toEqual({});
    expect(linkOf({ ...defaults, formula: "^".repeat(2000) }, "auto")).toBeUndefined();
  });

  test("hold no plain anchor for a setting", () => {
    expect(readLink("#pages")).toEqual({ values: {}, problems: [] });
  });
});

describe("parameters", () => {
  test("of a uniform must be in order", () => {
    expect(misfit({ family: "uniform", a: 1, b: 1 })).toBe("a must be less than b");
    expect(misfit({ family: "uniform", a: 0, b: 1 })).toBeUndefined();
  });
});
