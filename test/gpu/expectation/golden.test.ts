import { afterAll, beforeAll, expect, test } from "vitest";
import { type Engine, type Estimate, expectation, type VectorEstimate } from "../../../src/index.ts";
import { gpuEngine } from "../../support/device.ts";
import { exhaustive } from "../../support/exhaustive.ts";
import { hex, named } from "../../support/expectation/expectation.ts";
import { GOLDEN } from "../../support/expectation/golden.ts";

let engine: Engine;

beforeAll(async () => {
  engine = await gpuEngine();
});

afterAll(() => engine.dispose());

/** In `npm test` those of a normal and of a uniform with each generator; on the CPU engine (test/unit) all, whose bits a GPU has. */
const SOME = exhaustive ? GOLDEN : GOLDEN.slice(0, 6);

test.for(SOME.map(({ options, bits }) => named([options, bits])))(
  "%s: the GPU gives the numbers it always gave",
  async ([, options, bits]) => {
    const { mean, variance } = (await expectation(engine, options)) as Estimate | VectorEstimate;
    expect([hex(...[mean].flat()), hex(...[variance].flat())]).toEqual(bits);
  },
);
