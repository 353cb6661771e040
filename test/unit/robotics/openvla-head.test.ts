import { describe, expect, test } from "vitest";
import { InputError } from "../../../src/index.ts";
import { openvla } from "../../../src/robotics/index.ts";
import { openvla as golden } from "../../golden/robotics/robotics.ts";
import { around64, sha256 } from "../../support/robotics/neighbours.ts";

const { statistics } = golden;

describe("arrays of actions", () => {
  test("get NumPy's ids at every edge and at the numbers next to it", () => {
    const { ids } = openvla.encodeAll(around64(openvla.edges));
    expect(sha256(ids)).toBe(golden.idsAroundEdges);
  });

  test("are clipped as the original does, and what was clipped is counted", () => {
    const { ids, clipped } = openvla.encodeAll([-1.5, -1, 0, 1, 1.0000001, Number.POSITIVE_INFINITY]);
    expect([...ids]).toEqual([31999, 31999, 31872, 31744, 31744, 31744]);
    expect(clipped).toBe(3);
    expect(openvla.encodeAll([-1, 0.3, 1]).clipped).toBe(0);
  });

  test("decode ids that are no action to the ends, and flag them", () => {
    const { actions, outside, outsideCount } = openvla.decodeAll([29871, 31743, 31744, 31999, 32000, 32063]);
    const [top, bottom] = [openvla.centres[254], openvla.centres[0]];
    expect([...actions]).toEqual([top, top, top, bottom, bottom, bottom]);
    expect([...outside]).toEqual([1, 1, 0, 0, 1, 1]);
    expect(outsideCount).toBe(4);
  });

  test("are refused with the place of what is wrong", () => {
    expect(() => openvla.encodeAll([0, Number.NaN])).toThrow(InputError);
    expect(() => openvla.encodeAll([0, Number.NaN])).toThrow("openvla.encodeAll: actions[1] must be a number, got NaN");
    expect(() => openvla.decodeAll([31744, 31744.5])).toThrow("ids[1] must be a whole number, got 31744.5");
    expect(() => openvla.encode(Number.NaN)).toThrow(InputError);
    expect(() => openvla.decode(0.5)).toThrow(InputError);
  });
});

describe("BOUNDS_Q99", () => {
  test("is NumPy's f32 arithmetic to the bit: clipped, masked, and 0 where min = max", () => {
    const { actions, clipped } = openvla.normalize(golden.actions, statistics);
    expect([...actions]).toEqual(golden.normalised);
    // Of the golden values, ±1 comes of clipping only, and the sixth dimension is constant.
    expect(clipped).toBe(golden.normalised.filter((x, k) => Math.abs(x) === 1 && k % 7 < 5).length);
  });

  test("comes back as NumPy's f64 arithmetic does, to the bit", () => {
    expect([...openvla.unnormalize(golden.decoded, statistics)]).toEqual(golden.unnormalised);
  });

  test("normalises every dimension without a mask, and the gripper's raw value uses the upper half of the bins", () => {
    const { mask: _, ...unmasked } = statistics;
    const row = [0, 0, 0, 0, 0, 0, 1];
    expect(openvla.normalize(row, unmasked).actions[6]).toBeCloseTo(1, 6);
    expect(openvla.normalize(row, statistics).actions[6]).toBe(1);
    expect(openvla.normalizationMasks.endEffector).toEqual([true, true, true, true, true, true, false]);
    expect(openvla.normalizationMasks.endEffectorR6).toEqual([...new Array(9).fill(true), false]);
    const grippers = openvla.encodeAll([0, 0.5, 1]).ids;
    expect(Math.max(...grippers)).toBeLessThanOrEqual(31872);
  });

  test("refuses statistics and actions that do not fit", () => {
    expect(() => openvla.normalize([1, 2, 3], statistics)).toThrow("actions must be rows of 7 values, got 3 values");
    expect(() => openvla.unnormalize(golden.decoded, { q01: [0], q99: [1, 2] })).toThrow(
      "q99 must have 1 values, got 2",
    );
    expect(() => openvla.normalize([Number.NaN, 0, 0, 0, 0, 0, 0], statistics)).toThrow("actions[0] must be a number");
    expect(() => openvla.normalize(golden.actions, { ...statistics, mask: [true] })).toThrow("mask must have 7 values");
  });
});

describe("labels", () => {
  test("are 7 action tokens and the stop token, -100 elsewhere", () => {
    const { labels, clipped } = openvla.actionLabels([0, 0.25, 0.5, 0.999, 1, -1, -0.5, ...new Array(7).fill(2)], {
      positions: 10,
    });
    expect([...labels.subarray(0, 10)]).toEqual([-100, -100, 31872, 31840, 31808, 31745, 31744, 31999, 31936, 2]);
    expect([...labels.subarray(10)]).toEqual([-100, -100, ...new Array(7).fill(31744), 2]);
    expect(clipped).toBe(7);
  });

  test("leave the stop token out where they are told to", () => {
    const { labels } = openvla.actionLabels(new Array(7).fill(0), { stopToken: false });
    expect([...labels]).toEqual(new Array(7).fill(31872));
  });

  test("are refused where they do not fit", () => {
    expect(() => openvla.actionLabels([0, 0, 0])).toThrow("actions must be rows of 7 values");
    expect(() => openvla.actionLabels(new Array(7).fill(0), { positions: 7 })).toThrow(
      "positions must be a whole number from 8, got 7",
    );
  });
});

describe("what is no data", () => {
  const fitting = { q01: [0], q99: [1], min: [0], max: [1] };

  test("is refused, and not taken for nothing", () => {
    for (const none of [undefined, null, 5, {}, "abc"]) {
      expect(() => openvla.encodeAll(none as never)).toThrow(InputError);
      expect(() => openvla.decodeAll(none as never)).toThrow(InputError);
      expect(() => openvla.actionLabels(none as never)).toThrow(InputError);
      expect(() => openvla.normalize(none as never, fitting)).toThrow(InputError);
      expect(() => openvla.normalize([1], none as never)).toThrow(InputError);
    }
    expect(() => openvla.encodeAll(5 as never)).toThrow("openvla.encodeAll: actions must be an array, got 5");
  });

  test.each([
    [{ q01: [Number.NEGATIVE_INFINITY] }, "q01[0] must be a finite number, got -Infinity"],
    [{ q99: [-1] }, "q99[0] must be q01[0] = 0 or more, got -1"],
    [{ q99: [1, 2] }, "q99 must have 1 values, got 2"],
    [{ min: [Number.NaN] }, "min[0] must be a finite number, got NaN"],
    [{ max: ["1"] }, 'max[0] must be a finite number, got "1"'],
  ])("is refused among the statistics: %j", (wrong, message) => {
    expect([...openvla.normalize([0.5], fitting).actions]).toEqual([0]);
    expect(() => openvla.normalize([0.5], { ...fitting, ...wrong } as never)).toThrow(message);
  });
});
