import { expect, it } from "vitest";
import * as factories from "../../../src/distributions/index.ts";
import { functionsGoldens } from "../../golden/distributions/functions.ts";
import { families, numberFamilies } from "../../support/distributions/families.ts";

/** What gives a member of another family. */
const MAPS = ["affine"];

it("every family is described to the tests, by its factory's name", () => {
  const made = Object.keys(factories).filter((name) => !MAPS.includes(name));
  expect(families.map(({ name }) => name).sort()).toEqual(made.sort());
});

it("every family of numbers has mpmath's values", () => {
  const called = functionsGoldens.map(({ call }) => call.slice(0, call.indexOf("(")));
  for (const { name } of numberFamilies) expect(called).toContain(name);
});
