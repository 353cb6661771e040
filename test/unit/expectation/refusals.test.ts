import { describe, expect, test } from "vitest";
import {
  bernoulli,
  Engine,
  type Estimate,
  estimates,
  expectation,
  exponential,
  InputError,
  independent,
  type LadderOptions,
  mergeEstimates,
  normal,
  pareto,
  replicates,
  type Snapshot,
  uniform,
  varianceLadder,
} from "../../../src/index.ts";
import { rejection } from "../../support/device.ts";
import { type Options, spied, standard } from "../../support/expectation/expectation.ts";
import { normalAbove } from "../../support/expectation/rejection.ts";

const engine = await Engine.create({ backend: "cpu" });
const pair = independent([standard, standard]);
const control: Options = { of: "x", under: standard, samples: 10 };

/** Refuses `bad` beside a call that passes: with InputError, before any work, saying each of `words`. */
async function refused(bad: object, words: readonly (string | RegExp)[], call = expectation as Call): Promise<void> {
  const spy = spied(engine);
  const error = await rejection(Promise.resolve(call(spy.engine, { ...control, ...bad } as Options)));
  expect(error).toBeInstanceOf(InputError);
  expect(error).toMatchObject({ code: "bad-input" });
  const { message } = error as InputError;
  for (const word of words) expect(message).toMatch(word);
  expect(spy.calls(), "work that was done all the same").toBe(0);
}

type Call = (engine: Engine, options: Options) => Promise<unknown>;

test("the call that all of these differ from passes", async () => {
  expect((await expectation(engine, control)).samples).toBe(10);
});

describe("an option that is wrong is named, with what was got", () => {
  test.for<readonly [bad: object, ...words: (string | RegExp)[]]>([
    [{ of: undefined }, /\bof\b/, "undefined"],
    [{ of: 5 }, /\bof\b/, "number"],
    [{ of: null }, /\bof\b/],
    [{ of: [] }, /\bof\b.*empty/],
    [{ of: [["x"]] }, /of\[0\]/],
    [{ of: ["x", "x +"] }, /of\[1\]/],
    [{ under: undefined }, "under"],
    [{ under: null }, "under"],
    [{ under: 5 }, "under"],
    [{ under: {} }, "under"],
    [{ samples: undefined }, "samples", "undefined"],
    [{ samples: 0 }, "samples", "got 0"],
    [{ samples: -1 }, "samples", "got -1"],
    [{ samples: 1.5 }, "samples", "got 1.5"],
    [{ samples: Number.NaN }, "samples", /got (NaN|null)/],
    [{ samples: Number.POSITIVE_INFINITY }, "samples"],
    [{ samples: 2 ** 53 + 2 }, "samples", "9007199254740994"],
    [{ samples: "10" }, "samples", '"10"'],
    [{ samples: 10n }, "samples", "10n"],
    [{ seed: -1 }, "seed", "-1"],
    [{ seed: 1.5 }, "seed", "1.5"],
    [{ seed: 2 ** 53 }, "seed"],
    [{ seed: 2n ** 64n }, "seed", "18446744073709551616"],
    [{ seed: "a" }, "seed", '"a"'],
    [{ stream: -1 }, "stream", "-1"],
    [{ stream: 0.5 }, "stream", "0.5"],
    [{ stream: 2 ** 31 }, "stream", "2147483648"],
    [{ offset: -1 }, "offset", "-1"],
    [{ offset: 0.5 }, "offset", "0.5"],
    [{ offset: 2 ** 53 }, "offset"],
    [{ offset: 2 ** 53 - 5 }, "offset"],
    [{ method: "foo" }, "method", '"foo"', '"independent"'],
    [{ method: null }, "method", "null"],
    [{ generator: "xorshift" }, "generator", '"xorshift"'],
    [{ parameters: 5 }, "parameters", "5"],
    [{ parameters: { a: Number.NaN } }, /parameters\.a/],
    [{ parameters: { a: "1" } }, /parameters\.a/, '"1"'],
    [{ of: "a * x", parameters: { a: 1e40 } }, "'a'", "1e+40"],
    [{ signal: 5 }, "signal"],
    [{ onProgress: 5 }, "onProgress"],
    [{ sample: 3 }, "'sample'"],
    [{ stratify: true }, "'stratify'"],
  ])("%o", ([bad, ...words]) => refused(bad, words));

  test.for(["estimates", "replicates", "varianceLadder"])("%s checks as expectation does", async (name) => {
    const calls: Record<string, Call> = {
      estimates: async (e, o) => {
        for await (const _ of estimates(e, o)) return;
      },
      replicates: (e, o) => replicates(e, { ...o, replicates: 3 }),
      varianceLadder: (e, { samples: _, ...o }) =>
        varianceLadder(e, { sizes: [16, 32], replicates: 8, ...o } as unknown as LadderOptions),
    };
    const call = calls[name] as Call;
    for (const bad of [{ stream: -1 }, { method: "foo" }, { of: "x +" }, { under: 5 }, { unknown: 1 }]) {
      await refused(bad, [name], call);
    }
  });
});

describe("what does not go together", () => {
  test.for<readonly [bad: object, ...words: (string | RegExp)[]]>([
    [{ method: "antithetic", samples: 11 }, "antithetic", "samples", "11", "10 or 12"],
    [{ method: "antithetic", offset: 1 }, "offset", "1"],
    [{ method: "stratified", samples: 11 }, "stratified", "samples", "11"],
    [{ method: "stratified", offset: 2 }, "stratified", "offset"],
    [{ method: "stratified", samples: 2 ** 33 }, "stratified", "2^32"],
    [{ method: "stratified", until: { standardError: 1 } }, "stratified", "until"],
    [{ method: "sobol", samples: 1_000 }, "sobol", "16", "1000", "992 or 1008"],
    [{ method: "sobol", samples: 16, offset: 16 }, "sobol", "offset"],
    [{ method: "sobol", samples: 16, until: { standardError: 1 } }, "sobol", "until"],
    [{ method: "sobol", samples: 16, randomisations: 1 }, "randomisations", "got 1"],
    [{ method: "sobol", samples: 16, randomisations: 5_000 }, "randomisations", "5000"],
    [{ method: "sobol", samples: 2 ** 40 }, "Sobol", "2^32"],
    [{ method: "exact" }, "exact", "normal"],
    [{ method: "exact", under: bernoulli(0.5), control: { of: "x", mean: 0.5 } }, "exact", "control"],
    [{ control: { of: "x" } }, /control\.mean/, "undefined"],
    [{ control: { mean: 0 } }, /control\.of/],
    [{ control: { of: "x", mean: Number.NaN } }, /control\.mean/],
    [{ control: { of: "x", mean: 1e300 } }, /control\.mean/, "1e+300"],
    [{ control: { of: "x +", mean: 0 } }, /control\.of/],
    [{ control: { of: "x", mean: 0, weight: 1 } }, "weight"],
    [{ control: 5 }, "control"],
    [{ proposal: pair }, "proposal", "[2]"],
    [{ proposal: 5 }, "proposal"],
    [{ proposal: standard, method: "sobol", samples: 16 }, "proposal", "sobol"],
    [{ proposal: standard, control: { of: "x", mean: 0 } }, "proposal", "control"],
    [{ proposal: standard, conditional: "x" }, "proposal", "conditional"],
    [{ selfNormalised: true }, "selfNormalised", "proposal"],
    [{ conditional: "x", method: "antithetic" }, "conditional", "antithetic"],
    [{ under: normalAbove(0), method: "antithetic" }, "normalAbove", "rejection", '"antithetic"', '"independent"'],
    [{ under: normalAbove(0), method: "stratified" }, "normalAbove", "rejection", '"stratified"'],
    [{ under: normalAbove(0), method: "sobol", samples: 16 }, "normalAbove", "rejection", '"sobol"'],
    [{ conditional: "x", control: { of: "x", mean: 0 } }, "conditional", "control"],
    [{ conditional: "x", of: ["x", "x^2"] }, "conditional", "2"],
    [{ conditional: 5 }, "conditional"],
    [{ until: 5 }, "until", "5"],
    [{ until: { standardError: -1 } }, /until\.standardError/, "-1"],
    [{ until: { standardError: 0 } }, /until\.standardError/],
    [{ until: { relativeError: Number.NaN } }, /until\.relativeError/, "NaN"],
    [{ until: { milliseconds: "5" } }, /until\.milliseconds/],
    [{ until: { seconds: 1 } }, "until", "seconds"],
  ])("%o", ([bad, ...words]) => refused(bad, words));
});

describe("a formula that cannot be read", () => {
  test.for([
    ["x +", 3],
    ["x ** 2", 3],
    ["x[1]", 2],
    ["foo(x)", 0],
    ["x + y", 4],
    ["exp(x", 5],
  ] as const)("%s: the caret points at the character", async ([of, at]) => {
    const error = await rejection(expectation(engine, { ...control, of }));
    expect(error).toBeInstanceOf(InputError);
    const [message, formula, caret] = (error as Error).message.split("\n");
    expect(message).toContain("expectation: of");
    expect(formula?.trim()).toBe(of.trim());
    expect((caret ?? "").indexOf("^") - (formula ?? "").indexOf(of)).toBe(at);
  });

  test("a traced function that fails says where", async () => {
    const of = (x: { foo(): never }) => x.foo();
    const error = await rejection(expectation(engine, { ...control, of: of as never }));
    expect(error).toBeInstanceOf(Error);
  });
});

describe("replicates and ladders", () => {
  const ladder = (bad: object) => (e: Engine) =>
    varianceLadder(e, { of: "x", under: standard, sizes: [16, 32], replicates: 8, ...bad } as LadderOptions);
  const repeat = (bad: object) => (e: Engine) => replicates(e, { ...control, replicates: 3, ...bad } as never);

  test.for<readonly [Call, ...(string | RegExp)[]]>([
    [repeat({ replicates: 0 }), "replicates", "0"],
    [repeat({ replicates: 1.5 }), "replicates"],
    [repeat({ until: { standardError: 1 } }), "until"],
    [repeat({ method: "exact", under: bernoulli(0.5) }), "exact"],
    [repeat({ stream: 2 ** 31 - 2 }), "stream"],
    [ladder({ sizes: [16] }), "sizes"],
    [ladder({ sizes: [16, 16] }), "sizes"],
    [ladder({ sizes: 5 }), "sizes"],
    [ladder({ sizes: [16, 0] }), "sizes", "0"],
    [ladder({ replicates: 2 }), "replicates", "2"],
    [ladder({ of: ["x", "x"] }), /\bof\b/],
    [ladder({ method: "exact", under: bernoulli(0.5) }), "exact"],
    [ladder({ method: "antithetic", sizes: [16, 17] }), "17"],
    [ladder({ stream: 2 ** 31 - 10 }), "stream"],
  ])("refusal %#", ([call, ...words]) => refused({}, words, call));
});

const asked: Options = { of: "x^2", under: standard, samples: 200_000, seed: 1 };
const whole = (await expectation(engine, asked)) as Estimate;

describe("a snapshot", () => {
  const plain = () => JSON.parse(JSON.stringify(whole.snapshot)) as Snapshot;

  test("resumes the run that it is of", async () => {
    const resumed = await expectation(engine, { ...asked, resume: plain() });
    expect(resumed.mean).toBe(whole.mean);
  });

  test.for<readonly [object, ...(string | RegExp)[]]>([
    [{ of: "x^3" }, "resume", "formula"],
    [{ seed: 2 }, "resume", "seed"],
    [{ stream: 2 }, "resume", "stream"],
    [{ under: normal(0, 2) }, "resume", "distribution"],
    [{ generator: "philox4x32-10" }, "resume", "generator"],
    [{ method: "antithetic" }, "resume", "method"],
    [{ offset: 65_536 }, "resume", "65536"],
    [{ samples: 100_000 }, "resume", "196608", "100000"],
  ])("is refused by another run: %o", ([change, ...words]) => refused({ ...asked, resume: plain(), ...change }, words));

  type Loose = Record<string, unknown> & { scheme: Record<string, unknown>; tallies: Record<string, unknown>[] };
  test.for<readonly [name: string, damage: (snapshot: Loose) => unknown]>([
    ["nothing", () => null],
    ["a number", () => 5],
    ["an empty object", () => ({})],
    ["text", (s) => JSON.stringify(s)],
    ["another version", (s) => ({ ...s, version: 2 })],
    ["no scheme", (s) => ({ ...s, scheme: null })],
    ["an empty scheme", (s) => ({ ...s, scheme: {} })],
    ["no tallies", (s) => ({ ...s, tallies: [] })],
    ["tallies of nothing", (s) => ({ ...s, tallies: [null] })],
    ["a tally without sums", (s) => ({ ...s, tallies: [{ ...s.tallies[0], sums: undefined }] })],
    ["too few sums", (s) => ({ ...s, tallies: [{ ...s.tallies[0], sums: ["1"] }] })],
    ["a sum that is no number", (s) => ({ ...s, tallies: [{ ...s.tallies[0], sums: ["zz", "1", "1"] }] })],
    ["a count that is negative", (s) => ({ ...s, tallies: [{ ...s.tallies[0], count: -5 }] })],
    ["a count unlike its range", (s) => ({ ...s, tallies: [{ ...s.tallies[0], count: 65_536 }] })],
    ["a range that ends within a block", (s) => ({ ...s, ranges: [[0, 1_000]] })],
    ["a range that starts elsewhere", (s) => ({ ...s, ranges: [[65_536, 131_072]] })],
    ["ranges that are none", (s) => ({ ...s, ranges: [5] })],
    ["more outputs than there are", (s) => ({ ...s, scheme: { ...s.scheme, outputs: 2 } })],
    ["outputs beyond all measure", (s) => ({ ...s, scheme: { ...s.scheme, outputs: 1e9 } })],
    ["no shifts", (s) => ({ ...s, scheme: { ...s.scheme, shifts: undefined } })],
    ["other shifts", (s) => ({ ...s, scheme: { ...s.scheme, shifts: [[0.125]] } })],
  ])("that is damaged is refused: %s", async ([, damage]) => {
    await refused({ ...asked, resume: damage(plain() as unknown as Loose) }, [/resume|snapshot/]);
  });
});

const block = 65_536;
const part = async (change: object) =>
  (await expectation(engine, {
    of: "x^2",
    under: standard,
    samples: block,
    seed: 1,
    ...change,
  } as Options)) as Estimate;
const first = await part({});
const second = await part({ offset: block });

describe("mergeEstimates", () => {
  test("joins disjoint ranges", () => {
    expect(mergeEstimates(first, second).samples).toBe(2 * block);
  });

  test("joins ranges with a gap between", async () => {
    const third = await part({ offset: 5 * block });
    const merged = mergeEstimates(third, first);
    expect(merged.samples).toBe(2 * block);
    expect(merged.snapshot.ranges).toEqual([
      [0, block],
      [5 * block, block],
    ]);
  });

  test.for<readonly [string, () => Promise<readonly unknown[]>, ...(string | RegExp)[]]>([
    ["nothing", async () => [], "at least one"],
    ["one that is none", async () => [first, 5], "argument 2"],
    ["one that is null", async () => [null], "argument 1"],
    ["an object that is none", async () => [first, {}], "argument 2"],
    ["the same twice", async () => [first, first], "two of the runs"],
    ["ranges that overlap", async () => [await part({ samples: 3 * block }), second], "65536 to 131071"],
    ["a ragged end", async () => [await part({ samples: block + 1 }), second], "argument 1", "65537"],
    [
      "a ragged start",
      async () => [first, await part({ offset: block + 4, samples: block - 4 })],
      "argument 2",
      "65540",
    ],
    ["another formula", async () => [first, await part({ of: "x^3", offset: block })], "formula"],
    ["another seed", async () => [first, await part({ seed: 2, offset: block })], "seed"],
    ["another stream", async () => [first, await part({ stream: 2, offset: block })], "stream"],
  ])("refuses %s", async ([, make, ...words]) => {
    const parts = await make();
    const attempt = () => mergeEstimates(...(parts as Estimate[]));
    expect(attempt).toThrow(InputError);
    for (const word of words) expect(attempt).toThrow(word);
  });
});

describe("an interval", () => {
  const x = { of: "x", under: standard, samples: 16 } as const;
  const all: Promise<readonly Estimate[]> = Promise.all([
    expectation(engine, x),
    expectation(engine, { ...x, of: "x > 0" }),
    expectation(engine, { ...x, samples: 1 }),
    expectation(engine, { ...x, method: "sobol" }),
  ]);

  test.for([95, 2, 1, 0, -0.5, -2, Number.NaN, "0.95", undefined])("of level %o is refused", async (level) => {
    for (const e of await all) {
      expect(() => e.interval(level as number)).toThrow(InputError);
      expect(() => e.interval(level as number)).toThrow(/level/);
    }
  });
});

describe("numbers that cannot be trusted are flagged", () => {
  const codes = ({ warnings }: { readonly warnings: Estimate["warnings"] }) => warnings.map(({ code }) => code);

  test("values that are not finite are counted, never averaged away", async () => {
    const e = await expectation(engine, { of: "log(x)", under: standard, samples: 1_000, seed: 1 });
    const negative = await expectation(engine, { of: "x < 0", under: standard, samples: 1_000, seed: 1 });
    expect(e.nonFinite).toBe(negative.mean * 1_000);
    expect(e.mean).toBeNaN();
    expect(e.finiteMean).toBeGreaterThan(-5);
    expect(e.warnings).toMatchObject([{ code: "non-finite", message: expect.stringContaining(String(e.nonFinite)) }]);
  });

  test.for(["antithetic", "stratified", "sobol"] as const)("so they are with method %s", async (method) => {
    const e = await expectation(engine, { of: "log(x)", under: standard, samples: 1_024, method });
    expect(e.nonFinite).toBeGreaterThan(0);
    expect(e.mean).toBeNaN();
    expect(codes(e)).toContain("non-finite");
  });

  test("nothing but values that are not finite", async () => {
    const e = await expectation(engine, { of: "log(x - 2)", under: uniform(0, 1), samples: 100 });
    expect(e).toMatchObject({ mean: Number.NaN, finiteMean: Number.NaN, nonFinite: 100 });
    expect(codes(e)).toContain("non-finite");
  });

  test.for<readonly [string, Options]>([
    ["a narrower interval", { of: "x^2", under: standard, proposal: uniform(-1, 1) }],
    ["half the line", { of: "x^2", under: standard, proposal: exponential(1) }],
    ["one coordinate of two", { of: "x[0]", under: pair, proposal: independent([standard, uniform(-9, 9)]) }],
  ])("a proposal that misses mass: %s", async ([, options]) => {
    expect(codes(await expectation(engine, { ...options, samples: 10_000 }))).toContain("missed-mass");
  });

  test("a proposal that covers is not accused", async () => {
    const e = await expectation(engine, { of: "x^2", under: standard, proposal: normal(0, 1.5), samples: 10_000 });
    expect(codes(e)).toEqual([]);
    expect(e.effectiveSampleSize).toBeGreaterThan(5_000);
    expect(e.effectiveSampleSize).toBeLessThan(10_000);
  });

  test("a mean weight that is not 1 where the supports say nothing", async () => {
    const e = await expectation(engine, { of: "x", under: standard, proposal: normal(6, 0.5), samples: 10_000 });
    expect(codes(e)).toContain("missed-mass");
  });

  test("weights of infinite variance, of which one dominates", async () => {
    const found = new Set<string>();
    for (let seed = 0; seed < 10; seed++) {
      const e = await expectation(engine, {
        of: "x^2",
        under: standard,
        proposal: normal(0, 0.4),
        samples: 10_000,
        seed,
      });
      for (const code of codes(e)) found.add(code);
      expect(codes(e).length).toBeGreaterThan(0);
    }
    expect([...found]).toEqual(expect.arrayContaining(["heavy-tail", "dominant-weight"]));
  });

  test("few effective samples", async () => {
    const e = await expectation(engine, { of: "x", under: normal(3, 0.1), proposal: standard, samples: 10_000 });
    expect(codes(e)).toContain("low-effective-sample-size");
  });

  test.for(["1e25*x", "1e25*exp(x)"])("sums that leave the range of f32: %s", async (of) => {
    const e = await expectation(engine, { of, under: standard, samples: 1_000 });
    expect(codes(e)).toContain("overflow");
  });

  test.for(["1", "1e10", "1e13", "1e18", "1e-8", "1e-13", "1e-17"])("a heavy tail at scale %s", async (scale) => {
    const heavy = await expectation(engine, { of: `${scale}*exp(2*x)`, under: standard, samples: 1_000 });
    expect(codes(heavy).some((code) => code === "heavy-tail" || code === "overflow")).toBe(true);
    const light = await expectation(engine, { of: `${scale}*x`, under: standard, samples: 1_000 });
    expect(codes(light)).not.toContain("heavy-tail");
  });

  test("an infinite variance", async () => {
    const e = await expectation(engine, { of: "x", under: pareto(1, 1.2), samples: 10_000, seed: 3 });
    expect(codes(e)).toContain("heavy-tail");
  });

  test("draws that were all equal, but not a constant", async () => {
    expect(codes(await expectation(engine, { of: "min(x, -9)", under: standard, samples: 100 }))).toEqual([
      "zero-variance",
    ]);
    expect(codes(await expectation(engine, { of: "3", under: standard, samples: 100 }))).toEqual([]);
    expect(codes(await expectation(engine, { of: "x > 9", under: standard, samples: 100 }))).toEqual([]);
  });
});
