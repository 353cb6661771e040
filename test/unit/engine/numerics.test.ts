import { afterEach, describe, expect, test, vi } from "vitest";
import { bitsOf, f32, floatOf } from "../../../src/arithmetic/bits.ts";
import { CPU_NUMERICS } from "../../../src/engine/cpu/session.ts";
import { TRIPS } from "../../../src/engine/numerics.ts";
import { inputsOf } from "../../../src/engine/numerics-inputs.ts";
import {
  COUNT,
  GIVEN,
  idealWords,
  judgeNumerics,
  PROBES,
  type Probe,
  stateAfter,
} from "../../../src/engine/numerics-judge.ts";
import { Engine } from "../../../src/index.ts";
import { fakeGpu } from "../../support/engine/fake-gpu.ts";

afterEach(() => void vi.useRealTimers());

const copied = GIVEN.slice(0, 4);

/** The findings on a machine that does as it is told, but for what `edit` makes of some probes' bits. */
function judged(edits: Partial<Record<Probe, (bits: number, i: number) => number>> = {}) {
  const words = idealWords();
  for (const [probe, edit] of Object.entries(edits)) {
    const from = PROBES.indexOf(probe as Probe) * COUNT;
    for (let i = 0; i < COUNT; i++) words[from + i] = edit(words[from + i] ?? 0, i);
  }
  return judgeNumerics(words, copied);
}

// The CPU engine has no fused products: JavaScript has none.
const { builtinError: _, fused: __, ...asCpu } = CPU_NUMERICS;

describe("the self-test judges", () => {
  test("a machine that does as it is told to be like the CPU engine", () => {
    expect(judged()).toMatchObject(asCpu);
    for (const error of Object.values(judged().builtinError)) expect(error).toBeLessThanOrEqual(0.5);
  });

  test("a driver that contracts, but keeps the barrier, to be exact", () => {
    // In f64 a · b + c of f32 numbers of these sizes is the fused result, but for a second rounding now and then.
    const fused = (_: number, i: number) => {
      const { a, b, c } = inputsOf(i);
      return bitsOf(f32(b * c + a));
    };
    expect(judged({ fusedPlain: fused })).toMatchObject({ ...asCpu, contracts: true });
  });

  test("a driver that contracts through the barrier not to be exact", () => {
    const fused = (_: number, i: number) => {
      const { a, b, c } = inputsOf(i);
      return bitsOf(f32(a * b + c));
    };
    expect(judged({ fusedGuarded: fused })).toMatchObject({ ...asCpu, exact: false, barrier: false });
    expect(judged({ fusedByOne: fused })).toMatchObject({ ...asCpu, fma: false });
  });

  test("a driver that regroups, with and without the barrier", () => {
    const folded = (_: number, i: number) => bitsOf(inputsOf(i).small);
    const nothing = () => 0;
    expect(judged({ regroupedPlain: folded })).toMatchObject({ ...asCpu, regroups: true });
    expect(judged({ lostPlain: nothing })).toMatchObject({ ...asCpu, regroups: true });
    expect(judged({ regroupedGuarded: folded })).toMatchObject({ ...asCpu, exact: false, barrier: false });
    expect(judged({ lostGuarded: nothing })).toMatchObject({ ...asCpu, exact: false, barrier: false });
  });

  test("a driver that flushes subnormal numbers to be exact, whatever part of it flushes", () => {
    for (const k of [4, 5, 6]) {
      const findings = judged({ once: (bits, i) => (i === k ? 0 : bits) });
      expect(findings).toMatchObject({ ...asCpu, subnormals: "flushed" });
    }
  });

  test.each([0, 1, 4_096, 65_535])("a driver that makes %i trips of the long loop", (trips) => {
    const findings = judged({ once: (bits, i) => (i === 8 ? stateAfter(trips) : bits) });
    expect(findings).toMatchObject({ ...asCpu, loopTrips: trips });
  });

  test("a loop whose end no number of trips explains", () => {
    expect(judged({ once: (bits, i) => (i === 8 ? stateAfter(TRIPS + 1) : bits) }).loopTrips).toBeNaN();
  });

  test.each([
    ["sum", "sums"],
    ["product", "products"],
    ["quotient", "quotients"],
    ["root", "roots"],
    ["exp", "exp"],
    ["log", "log"],
    ["radius", "radius"],
    ["cosine", "angle"],
    ["sine", "angle"],
  ] as const)("one %s that is one unit off", (probe, finding) => {
    const findings = judged({ [probe]: (bits: number, i: number) => (i === 1_234 ? bits ^ 1 : bits) });
    expect(findings).toMatchObject({ ...asCpu, exact: false, [finding]: false });
  });

  test("a driver on which NaN or an infinity does not show: samples are then looked at one by one", () => {
    for (let k = 0; k < 10; k++) {
      const findings = judged({ propagation: (bits, i) => (i === 7 ? bits ^ (1 << k) : bits) });
      expect(findings).toMatchObject({ ...asCpu, path: "bits", nonFinite: false });
    }
  });

  test("a driver that loses a NaN's bits on the way in or out", () => {
    const findings = judged({ once: (bits, i) => (i === 0 ? 0x7fc00000 : bits) });
    expect(findings).toMatchObject({ ...asCpu, exact: false, nanBits: false });
    const [, ...rest] = copied;
    expect(judgeNumerics(idealWords(), Uint32Array.of(0, ...rest))).toMatchObject({ exact: false, nanBits: false });
  });

  test("a compiler that takes x != x to be false", () => {
    expect(judged({ once: (bits, i) => (i === 7 ? 0 : bits) })).toMatchObject({ ...asCpu, nanUnequal: false });
  });

  test("the built-in functions by their worst value", () => {
    const { builtinError, exact } = judged({
      builtinExp: (bits, i) => (i === 5 ? bits + 7 : bits),
      builtinSin: (bits, i) => (i === 5 ? bitsOf(floatOf(bits) + 1e-4) : bits),
      builtinLog: (bits, i) => (i === 5 ? 0x7fc00000 : bits),
    });
    expect(builtinError.exp).toBeCloseTo(7, 0);
    expect(builtinError.sin).toBeCloseTo(1e-4 * 2 ** 23, 0);
    expect(builtinError.log).toBe(Infinity);
    expect(builtinError.cos).toBeLessThanOrEqual(0.5);
    expect(exact).toBe(true);
  });
});

describe("an engine", () => {
  test("on the CPU is exact by definition", async () => {
    using engine = await Engine.create({ backend: "cpu" });
    expect(engine.numerics).toBe(CPU_NUMERICS);
    expect(engine.machine.numerics).toBe(CPU_NUMERICS);
  });

  test("on a GPU that computes nothing is made, is not exact, and says why", async () => {
    const fake = fakeGpu();
    using engine = await Engine.create({ gpu: fake.gpu });
    expect(engine.backend).toBe("webgpu");
    expect(engine.numerics).toMatchObject({
      exact: false,
      path: "bits",
      failure: "The self-test could not run: it wrote nothing",
    });
    expect(engine.memory()).toEqual({ tensors: 0, bytes: 0, pooled: 0 });
    expect(fake.buffers.every((buffer) => buffer.destroyed)).toBe(true);
  });

  test("whose device is lost during the test is made, and says why", async () => {
    const fake = fakeGpu();
    fake.failMapping();
    const creating = Engine.create({ gpu: fake.gpu });
    setTimeout(() => fake.lose("driver reset"), 20);
    using engine = await creating;
    expect(engine.numerics).toMatchObject({ exact: false, failure: expect.stringContaining("driver reset") });
    expect(engine.lost).toContain("driver reset");
  });

  test("without memory for the test is made, says why, and works once there is some", async () => {
    const fake = fakeGpu();
    fake.starve(1);
    using engine = await Engine.create({ gpu: fake.gpu });
    expect(engine.numerics).toMatchObject({ exact: false, failure: expect.stringContaining("out of memory") });
    expect(await engine.tensor([1], [1]).read()).toEqual(Float32Array.of(1));
  });
});
