import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Engine, exponential, independent, normal, pareto } from "../../../src/index.ts";
import { gpuEngine } from "../../support/device.ts";
import { exhaustive } from "../../support/exhaustive.ts";
import { coverageOf } from "../../support/expectation/coverage.ts";
import { named, type Options, standard, unit } from "../../support/expectation/expectation.ts";

let engine: Engine;

/** In `npm test` on the CPU engine, which has the GPU's bits (expectation-bits.test.ts) and compiles each of them at once. */
beforeAll(async () => {
  engine = exhaustive ? await gpuEngine() : await Engine.create({ backend: "cpu" });
});

afterAll(() => engine.dispose());

/** Of 10,000 replicates 95 % has a standard deviation of 0.22 %, of 500 of 0.97 %. */
const REPLICATES = exhaustive ? 10_000 : 500;

/**
 * How much farther from a share few replicates may be than thousands: 4 standard deviations of their count, sqrt(p (1 - p) / 500) each.
 * Seeds are fixed, so that it is decided once.
 */
const few = (share: number) => (exhaustive ? 0 : 4 * Math.sqrt((share * (1 - share)) / REPLICATES));

describe("95 % intervals hold the mean in 95 ± 1.1 % of many runs", () => {
  const cases: readonly (readonly [Options, number])[] = [
    [{ of: "x", under: standard, samples: 10 }, 0],
    [{ of: "x^2", under: standard, samples: 1_000 }, 1],
    [{ of: "abs(x)", under: standard, samples: 200 }, Math.sqrt(2 / Math.PI)],
    [{ of: "sin(x)", under: normal(1, 1), samples: 100 }, Math.sin(1) * Math.exp(-0.5)],
    [{ of: "x[0]*x[1]", under: independent([unit, unit]), samples: 200 }, 0.25],
    [{ of: "exp(x/4)", under: standard, samples: 200 }, Math.exp(1 / 32)],
    [{ of: "x", under: exponential(1), samples: 1_000 }, 1],
    [{ of: "log(x)", under: unit, samples: 1_000 }, -1],
  ];
  test.for(cases.map(named))("%s", async ([, options, mean]) => {
    const { covered, warned } = await coverageOf(engine, { ...options, seed: 1 }, mean, REPLICATES);
    console.info(
      `coverage of ${options.of}, N = ${options.samples}: ${(100 * covered).toFixed(2)} %, warned ${100 * warned} %`,
    );
    expect(Math.abs(covered - 0.95)).toBeLessThanOrEqual(0.011 + few(0.95));
  });
});

describe("indicators' intervals hold it in at least 93.9 % of many", () => {
  const cases: readonly (readonly [Options, number])[] = [
    [{ of: "x > 3", under: standard, samples: 1_000 }, 0.0013498980316300957],
    [{ of: "x > 1", under: standard, samples: 50 }, 0.15865525393145707],
    [{ of: "x < 0.5", under: unit, samples: 20 }, 0.5],
  ];
  test.for(cases.map(named))("%s", async ([, options, mean]) => {
    const { covered } = await coverageOf(engine, { ...options, seed: 2 }, mean, REPLICATES);
    console.info(`coverage of ${options.of}, N = ${options.samples}: ${(100 * covered).toFixed(2)} %`);
    expect(covered).toBeGreaterThanOrEqual(0.939 - few(0.95));
  });
});

describe("variance reduction keeps its intervals honest", () => {
  const cases: readonly (readonly [Options, number, number])[] = [
    [{ of: "exp(x/4)", under: standard, samples: 1_200, method: "antithetic" }, Math.exp(1 / 32), 0.011],
    [{ of: "exp(x)", under: unit, samples: 400, method: "stratified" }, Math.E - 1, 0.015],
    // Nearly all the error of a normal's strata is in the two outermost, whose own spread two samples hardly tell.
    [{ of: "exp(x/4)", under: standard, samples: 400, method: "stratified" }, Math.exp(1 / 32), 0.08],
    [{ of: "exp(x/4)", under: standard, samples: 1_024, method: "sobol" }, Math.exp(1 / 32), 0.03],
    [{ of: "exp(x/4)", under: standard, samples: 400, control: { of: "x", mean: 0 } }, Math.exp(1 / 32), 0.02],
    [{ of: "x^2", under: standard, samples: 400, proposal: normal(0, 1.5) }, 1, 0.011],
    [{ of: "x^2", under: standard, samples: 400, proposal: normal(0, 1.5), selfNormalised: true }, 1, 0.015],
  ];
  test.for(cases.map(named))("%s", async ([, options, mean, slack]) => {
    const many = options.method === "sobol" ? 2_000 : 4_000;
    const { covered } = await coverageOf(engine, { ...options, seed: 3 }, mean, Math.min(many, REPLICATES));
    const { method = options.control ? "control" : options.selfNormalised ? "self-normalised" : "importance" } =
      options;
    console.info(`coverage of ${method}: ${(100 * covered).toFixed(2)} %`);
    expect(Math.abs(covered - 0.95)).toBeLessThanOrEqual(slack + few(0.95));
  });
});

describe("heavy tails", () => {
  const cases: readonly (readonly [Options, number])[] = [
    [{ of: "exp(2*x)", under: standard }, Math.exp(2)],
    [{ of: "x^6", under: standard }, 15],
    [{ of: "x", under: pareto(1, 2.1) }, 2.1 / 1.1],
    [{ of: "1/sqrt(x)", under: unit }, 2],
  ];
  const sizes = exhaustive ? [100, 1_000, 10_000] : [100, 1_000];
  const runs = exhaustive ? 1_000 : REPLICATES;

  test.for(cases.map(named))("%s is warned of in at least 95 % of the runs", async ([, options, mean]) => {
    for (const samples of sizes) {
      const { covered, warned } = await coverageOf(engine, { ...options, samples, seed: 4 }, mean, runs);
      const shares = `${(100 * covered).toFixed(1)} % covered, ${(100 * warned).toFixed(1)} % warned`;
      console.info(`${options.of} under ${options.under.name}, N = ${samples}: ${shares}`);
      // With more samples the warnings become fewer, as they should; how few is told.
      if (samples <= 1_000) expect(warned, `N = ${samples}`).toBeGreaterThanOrEqual(0.95);
    }
  });

  const harmless: readonly Options[] = [
    { of: "x", under: standard },
    { of: "sin(x)", under: standard },
    { of: "x", under: unit },
    { of: "abs(x)", under: standard },
    { of: "x^2", under: standard },
  ];
  test.for(harmless)("harmless $of is seldom accused", async (options) => {
    for (const samples of sizes) {
      const { warned } = await coverageOf(engine, { ...options, samples, seed: 5 }, 0, runs);
      console.info(`${options.of} under ${options.under.name}, N = ${samples}: ${(100 * warned).toFixed(1)} % warned`);
      // The sample's own skewness is rough at N = 100; x² has skewness² = 8, 0.08 of 100, of which is warned rightly.
      if (samples >= 1_000) expect(warned, `N = ${samples}`).toBeLessThanOrEqual(0.01 + few(0.01));
      else if (options.of !== "x^2") expect(warned, `N = ${samples}`).toBeLessThanOrEqual(0.1);
    }
  });
});
