import { expect, test } from "vitest";
import { Engine, type Estimate, expectation, type VectorEstimate } from "../../../src/index.ts";
import { hex, named } from "../../support/expectation/expectation.ts";
import { GOLDEN } from "../../support/expectation/golden.ts";

const engine = await Engine.create({ backend: "cpu" });

test.for(GOLDEN.map(({ options, bits }) => named([options, bits])))(
  "%s: the CPU engine gives the numbers it always gave",
  async ([, options, bits]) => {
    const { mean, variance } = (await expectation(engine, options)) as Estimate | VectorEstimate;
    expect([hex(...[mean].flat()), hex(...[variance].flat())]).toEqual(bits);
  },
);
