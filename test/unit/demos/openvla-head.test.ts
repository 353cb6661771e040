import { describe, expect, test } from "vitest";
import type { RowResult } from "../../../demos/openvla-head/compute.ts";
import { decodeRow } from "../../../demos/openvla-head/decode.ts";
import { drawn, raised, readEdits, writeEdits } from "../../../demos/openvla-head/edits.ts";
import { type LinkState, linkDefaults, linkFields, linkOf } from "../../../demos/openvla-head/link.ts";
import { actionLogits, binOf, idOf, makeHead } from "../../../demos/openvla-head/logits.ts";
import { defaults, type HeadState } from "../../../demos/openvla-head/model.ts";
import { naiveSoftmax } from "../../../demos/openvla-head/naive.ts";
import { reference } from "../../../demos/openvla-head/reference.ts";
import { openvlaRoundTrip, roundTrip, rt1RoundTrip } from "../../../demos/openvla-head/rt1.ts";
import { readFragment } from "../../../demos/shared/fragment.ts";
import { actionIds, encode, logitWidth } from "../../../src/robotics/openvla/openvla.ts";

describe("the generator of logits", () => {
  test("makes 7 rows of 32,064, the same from the same seed", () => {
    const head = makeHead(defaults);
    expect(head.logits).toHaveLength(7 * 32_064);
    expect(makeHead({ ...defaults }).logits).toEqual(head.logits);
    expect(makeHead({ ...defaults, seed: 8 }).logits).not.toEqual(head.logits);
  });

  test("keeps every logit on a grid that f32 holds exactly after 10,000 is added", () => {
    const head = makeHead({ ...defaults, shift: true });
    for (let i = 0; i < head.logits.length; i++) {
      if (Math.fround((head.logits[i] ?? 0) - 10_000) !== head.unshifted[i]) throw new Error(`logit ${i} was rounded`);
    }
  });

  test("lets text leak more as the leak is raised, and wins the argmax at the end", () => {
    const outside = [0, 4, 8, 13].map((leak) => {
      const state: HeadState = { ...defaults, leak };
      const head = makeHead(state);
      const [row] = reference(head.unshifted, head.targets.map(encode), state);
      return row?.probabilities.subarray(0, actionIds[0]).reduce((sum, p) => sum + p, 0) ?? 0;
    });
    expect(outside).toEqual([...outside].sort((a, b) => a - b));
    expect(outside[0]).toBeLessThan(0.001);
    expect(outside[3]).toBeGreaterThan(0.9);
  });

  test("demonstrates the gripper open or closed, and each bin keeps its id", () => {
    for (let seed = 0; seed < 8; seed++) expect([0, 1]).toContain(makeHead({ ...defaults, seed }).targets[6]);
    expect(binOf(31_999)).toBe(0);
    expect(idOf(255)).toBe(31_744);
  });
});

describe("the pen", () => {
  const row = actionLogits(defaults, 1);

  test("pulls the logit under it to where it was put, and its neighbours less", () => {
    const point = { bin: 100, value: 15 };
    const edits = drawn(row, null, 9, { from: point, to: point });
    const after = actionLogits({ ...defaults, edits: defaults.edits.map((_, d) => (d === 1 ? edits : null)) }, 1);
    expect(after[100]).toBe(15);
    expect(after[103]).toBeGreaterThan(row[103] ?? 0);
    expect(after[103]).toBeLessThan(15);
    expect(after[105]).toBe(row[105]);
  });

  test("leaves no gap in a fast stroke", () => {
    const edits = drawn(row, null, 1, { from: { bin: 10, value: 18 }, to: { bin: 60, value: 18 } });
    for (let bin = 10; bin <= 60; bin++) expect(edits[bin]).not.toBe(0);
  });

  test("comes back from a link as it was", () => {
    const edits = raised(row, null, 33, 250, -3);
    const all = defaults.edits.map((_, d) => (d === 4 ? edits : null));
    expect(readEdits(writeEdits(all))?.[4]).toEqual(edits);
    expect(readEdits("")?.every((one) => one === null)).toBe(true);
  });

  test.each(["7.0.AA", "1.256.AA", "1.255.AAAA", "1.0.A", "1.0.A$", "x", "1.0.AA~"])("refuses the edits %s", (text) => {
    expect(readEdits(text)).toBeUndefined();
  });
});

describe("the link", () => {
  test("carries a state there and back", () => {
    const state: LinkState = {
      ...linkDefaults,
      seed: 123,
      dimension: 6,
      leak: 12.5,
      temperature: 0.35,
      vocabulary: "actions",
      shift: true,
      targets: [null, -0.25, null, null, 1, null, null],
      units: "bits",
    };
    const { values, problems } = readFragment(`#${linkOf(state)}`, linkFields);
    expect({ ...linkDefaults, ...values }).toEqual(state);
    expect(problems).toEqual([]);
  });

  test("is empty for the defaults", () => {
    expect(linkOf(linkDefaults)).toBe("");
  });

  test.each([
    ["seed=4294967296", "cannot be"],
    ["seed=-1", "cannot be"],
    ["temperature=0", "cannot be"],
    ["temperature=NaN", "cannot be"],
    ["dimension=7", "cannot be"],
    ["dimension=", "cannot be"],
    ["dimension=1=2", "cannot be"],
    ["targets=__2____", "cannot be"],
    ["targets=_", "cannot be"],
    ["seed=1&seed=2", "twice"],
    ["constructor=1", "not a setting"],
    ["<img>=1", "not a setting"],
    [`edits=${"1.0.AA~".repeat(1000)}`, "too long"],
  ])("refuses %s", (text, problem) => {
    const { values, problems } = readFragment(`#${text}`, linkFields);
    expect(problems.join()).toContain(problem);
    expect(Object.keys(values).filter((key) => key !== "seed")).toEqual([]);
  });

  test("leaves plain anchors alone", () => {
    expect(readFragment("#figure", linkFields)).toEqual({ values: {}, problems: [] });
  });
});

describe("the decoders", () => {
  const two = twoHumps();

  test("put the mean of two humps between them, and every sample on one", () => {
    const { argmax, mean, samples, expectedCost } = decodeRow(two, -0.5, 1, 1, 0);
    expect(argmax.action).toBeCloseTo(-0.5, 2);
    expect(mean).toBeCloseTo(0, 2);
    for (const { action } of samples) expect(Math.abs(action)).toBeCloseTo(0.5, 2);
    expect(new Set(samples.map(({ action }) => Math.sign(action))).size).toBe(2);
    // Half of the mass is at the demonstration, half of it a distance of 1 away.
    expect(expectedCost).toBeCloseTo(0.5, 1);
  });

  test("draw the same from the same seed, and anew when asked", () => {
    expect(decodeRow(two, 0, 1, 1, 0).samples).toEqual(decodeRow(two, 0, 1, 1, 0).samples);
    expect(decodeRow(two, 0, 1, 1, 1).samples).not.toEqual(decodeRow(two, 0, 1, 1, 0).samples);
  });

  function twoHumps(): RowResult {
    const all = new Float32Array(256);
    const ids = [encode(-0.5), encode(0.5)];
    for (const id of ids) all[id - actionIds[0]] = 0.5;
    return {
      pmf: all.toReversed(),
      all,
      begin: actionIds[0],
      outside: { text: 0, padding: 0 },
      entropy: Math.LN2,
      loss: Math.LN2,
      targetId: ids[0] ?? 0,
      targetRank: 0,
      targetProbability: 0.5,
      argmaxId: ids[0] ?? 0,
    };
  }
});

describe("what is shown beside the library", () => {
  test("the naive softmax is right until the exponentials overflow, and NaN afterwards", () => {
    const head = makeHead(defaults);
    const truth = reference(head.unshifted, head.targets.map(encode), defaults)[1]?.probabilities;
    const naive = naiveSoftmax(head, defaults, 1);
    expect(naive.notANumber).toBe(0);
    for (const [bin, q] of naive.pmf.entries()) expect(q).toBeCloseTo(truth?.[idOf(bin)] ?? Number.NaN, 5);
    const shifted: HeadState = { ...defaults, shift: true };
    expect(naiveSoftmax(makeHead(shifted), shifted, 1)).toMatchObject({
      notANumber: 256,
      sum: Number.POSITIVE_INFINITY,
    });
  });

  test("the reference sums to one, and its loss is −log q", () => {
    const head = makeHead(defaults);
    const ids = head.targets.map(encode);
    for (const [d, row] of reference(head.unshifted, ids, { ...defaults, temperature: 0.5 }).entries()) {
      expect(row.probabilities).toHaveLength(logitWidth);
      expect(row.probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
      expect(row.loss).toBeCloseTo(-Math.log(row.probabilities[ids[d] ?? 0] ?? 0), 10);
    }
  });

  test("RT-1 falls short by half a bin on average, OpenVLA by nothing", () => {
    expect(roundTrip(rt1RoundTrip).mean).toBeCloseTo(-1 / 255, 5);
    expect(roundTrip(rt1RoundTrip).largest).toBeLessThanOrEqual(2 / 255);
    expect(roundTrip(openvlaRoundTrip).mean).toBeCloseTo(0, 5);
    expect(roundTrip(openvlaRoundTrip).largest).toBeLessThanOrEqual(1 / 255 + 1e-12);
  });
});
