import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Engine, expectation, mergeEstimates, replicates } from "../../../src/index.ts";
import { gpuEngine } from "../../support/device.ts";
import { exhaustive } from "../../support/exhaustive.ts";
import {
  bitsOf,
  cutShort,
  isFixed,
  type Options,
  otherKernels,
  PROBLEMS,
  standard,
} from "../../support/expectation/expectation.ts";

let gpu: Engine;
let cpu: Engine;

beforeAll(async () => {
  gpu = await gpuEngine();
  cpu = await Engine.create({ backend: "cpu" });
});

afterAll(() => {
  gpu.dispose();
  cpu.dispose();
});

const run = async (engine: Engine, options: Options) => bitsOf(await expectation(engine, options));

/** Sizes around every boundary, in evaluations for methods whose draws are of `step`. */
const SIZES = [1, 2, 3, 4, 5, 1_023, 1_024, 1_025, 65_537];
const ODD_PLACES = [
  { offset: 3, samples: 1_026 },
  { offset: 65_535, samples: 2 },
  { offset: 130_001, samples: 7 },
  // The 32 low bits of the quads run over.
  { offset: 2 ** 34 - 1_027, samples: 2_050 },
  { offset: 2 ** 45 + 9, samples: 5 },
];

describe.for(PROBLEMS)("$name", ({ name, options, step }) => {
  test("has the CPU engine's bits at every size", async () => {
    for (const size of SIZES) {
      const asked = { ...options, samples: size * step, seed: 7 };
      if (step === 16 && size > 60_000) asked.samples = 65_536;
      expect(await run(gpu, asked), `${asked.samples} samples`).toEqual(await run(cpu, asked));
    }
  });

  // In `npm test` those of each generator, of rejection, of values that are not finite, and of points that are placed.
  const others = exhaustive || /^(philox|rejections side|values|stratified normal|Sobol points)/.test(name);

  test.runIf(others)("has them with the kernels of other adapters", async () => {
    for (const size of [1, 5, 1_025, 4_099]) {
      const asked = { ...options, samples: size * step, seed: 8 };
      expect(await run(otherKernels(gpu), asked), `${asked.samples} samples`).toEqual(await run(gpu, asked));
    }
  });

  // Strata and Sobol points have no offset.
  if (isFixed(options)) return;

  test("has them from every place", async () => {
    for (const { offset, samples } of ODD_PLACES) {
      const asked = { ...options, samples: samples * step, offset: offset * step, seed: 2n ** 64n - 3n, stream: 5 };
      expect(await run(gpu, asked), `from ${offset}`).toEqual(await run(cpu, asked));
    }
  });
});

const LONG: Options = { of: ["x^2", "exp(x)"], under: standard, samples: 11 * 65_536 + 77, seed: 11 };

test("a run has the same bits in pieces: aborted and resumed, here and on the other engine", async () => {
  const whole = await run(gpu, LONG);
  for (const after of [1, 2]) {
    const { snapshot } = await cutShort(gpu, LONG, after);
    expect(await run(gpu, { ...LONG, resume: snapshot }), `resumed after ${after}`).toEqual(whole);
    expect(await run(cpu, { ...LONG, resume: snapshot }), `resumed on the CPU after ${after}`).toEqual(whole);
  }
  const { snapshot } = await cutShort(cpu, LONG, 3);
  expect(snapshot.ranges.length).toBe(1);
  expect(await run(gpu, { ...LONG, resume: snapshot })).toEqual(whole);
});

test("an interrupted run from an odd place resumes with the same bits", async () => {
  const asked = { ...LONG, offset: 65_536 * 3 + 13, samples: 300_000 };
  const whole = await run(gpu, asked);
  const { snapshot } = await cutShort(gpu, asked, 1);
  expect(await run(gpu, { ...asked, resume: snapshot })).toEqual(whole);
});

test("a shorter run's snapshot goes on into a longer run, ragged tail and all", async () => {
  const shorter = await expectation(gpu, { ...LONG, samples: 200_001 });
  expect(await run(gpu, { ...LONG, resume: shorter.snapshot })).toEqual(await run(gpu, LONG));
});

test.for(["independent", "antithetic"] as const)(
  "ranges of %s samples merge in any order to the bits of one run",
  async (method) => {
    const block = method === "antithetic" ? 131_072 : 65_536;
    const asked = { ...LONG, method, samples: 6 * block };
    const whole = await expectation(gpu, asked);
    const parts = await Promise.all([
      expectation(gpu, { ...asked, samples: block }),
      expectation(cpu, { ...asked, offset: block, samples: block }),
      expectation(gpu, { ...asked, offset: 2 * block, samples: 3 * block }),
      expectation(gpu, { ...asked, offset: 5 * block, samples: block }),
    ]);
    for (const order of [
      [0, 1, 2, 3],
      [3, 1, 0, 2],
      [2, 3, 1, 0],
    ]) {
      const chosen = order.map((k) => parts[k] as (typeof parts)[number]);
      const merged = mergeEstimates(...chosen);
      expect(bitsOf(merged)).toEqual(bitsOf(whole));
      expect(merged.snapshot).toEqual(whole.snapshot);
      const text = JSON.parse(JSON.stringify(chosen.map(({ snapshot }) => snapshot))) as (typeof whole.snapshot)[];
      expect(bitsOf(mergeEstimates(...text) as typeof whole)).toEqual(bitsOf(whole));
    }
    const [a, b, c, d] = parts as [typeof whole, typeof whole, typeof whole, typeof whole];
    expect(bitsOf(mergeEstimates(mergeEstimates(a, b), mergeEstimates(c, d)))).toEqual(bitsOf(whole));
    expect(bitsOf(mergeEstimates(a, mergeEstimates(d, mergeEstimates(c, b))))).toEqual(bitsOf(whole));
  },
);

test("merged ranges resume", async () => {
  const asked = { ...LONG, samples: 4 * 65_536 };
  const first = await expectation(gpu, { ...asked, samples: 65_536 });
  const second = await expectation(gpu, { ...asked, samples: 65_536, offset: 65_536 });
  const { snapshot } = mergeEstimates(second, first);
  expect(await run(gpu, { ...asked, resume: snapshot })).toEqual(await run(gpu, asked));
});

const REPEATED: readonly { readonly name: string; readonly options: Options; readonly streams: number }[] = [
  { name: "independent", options: { of: "x^2", under: standard, samples: 1_000 }, streams: 1 },
  {
    name: "longer than a block",
    options: { of: "x^2", under: standard, samples: 131_100, offset: 65_000 },
    streams: 1,
  },
  { name: "antithetic", options: { of: "exp(x)", under: standard, samples: 1_000, method: "antithetic" }, streams: 1 },
  { name: "stratified", options: { of: "exp(x)", under: standard, samples: 1_000, method: "stratified" }, streams: 1 },
  { name: "Sobol", options: { of: "exp(x)", under: standard, samples: 1_024, method: "sobol" }, streams: 16 },
  { name: "vector", options: { of: ["x", "x > 1"], under: standard, samples: 999 }, streams: 1 },
  {
    name: "control",
    options: { of: "exp(x)", under: standard, samples: 1_000, control: { of: "x", mean: 0 } },
    streams: 1,
  },
];

test.for(REPEATED)(
  "replicates of $name samples are the runs on the streams from the first",
  async ({ options, streams }) => {
    const asked = { ...options, seed: 3, stream: 40 };
    const all = await replicates(gpu, { ...asked, replicates: 5 });
    for (const [r, one] of all.entries()) {
      expect(bitsOf(one), `replicate ${r}`).toEqual(await run(gpu, { ...asked, stream: 40 + r * streams }));
    }
  },
);

const FIXED: readonly Options[] = [
  { of: "exp(x)", under: standard, method: "sobol", samples: 8 * 3 * 65_536, randomisations: 8 },
  { of: "exp(x)", under: standard, method: "stratified", samples: 2 * 5 * 65_536 },
  { of: "exp(x)", under: standard, method: "stratified", samples: 300_002 },
];

test.for(FIXED)(
  "an interrupted run of $method points, $samples in all, resumes with the same bits",
  async (options) => {
    const whole = await run(gpu, options);
    for (const after of [1, 2, 3]) {
      const { snapshot } = await cutShort(gpu, options, after);
      expect(await run(gpu, { ...options, resume: snapshot }), `after ${after}`).toEqual(whole);
    }
  },
);
