import { describe, expect, test } from "vitest";
import { InputError } from "../../../src/index.ts";
import { rt1, rt2 } from "../../../src/robotics/index.ts";
import { rt1 as golden } from "../../golden/robotics/robotics.ts";
import { around32, sha256 } from "../../support/robotics/neighbours.ts";

const still: rt1.Action = {
  terminate: [0, 1, 0],
  worldVector: [0.9, 0.8, -0.3],
  rotationDelta: [-0.1, 0.2, 0.6],
  gripperClosedness: [0.9],
  baseRotation: [0],
  baseDisplacement: [0, 0],
};

describe("RT-1's tokens", () => {
  const ranges = {
    unit: [-1, 1],
    double: [-2, 2],
    halfTurn: [-Math.PI / 2, Math.PI / 2],
    turn: [-Math.PI, Math.PI],
  } as const;

  test.each(Object.entries(ranges))("are NumPy's in f32, around all 256 edges of the range %s", (name, range) => {
    const want = golden[name as keyof typeof ranges];
    const values = Float32Array.from({ length: 256 }, (_, token) => rt1.decodeValue(token, range));
    expect(sha256(values)).toBe(want.decoded);
    const tokens = Int32Array.from(around32(values), (value) => rt1.encodeValue(value, range));
    expect(sha256(tokens)).toBe(want.tokensAroundEdges);
  });

  test("are 11: the mode, and ten dimensions truncated, not rounded", () => {
    const { tokens, clipped } = rt1.encode(still);
    expect([...tokens]).toEqual([1, 242, 229, 89, 119, 143, 176, 242, 127, 127, 127]);
    expect(clipped).toBe(0);
    expect(rt1.tokensPerAction).toBe(11);
  });

  test("reach 255 at the upper end alone", () => {
    expect(rt1.encodeValue(1, [-1, 1])).toBe(255);
    expect(rt1.encodeValue(1 - 2 ** -23, [-1, 1])).toBe(254);
  });

  test("are clipped, and the clipped values counted", () => {
    const { tokens, clipped } = rt1.encode({ ...still, worldVector: [2, -2, 1], baseRotation: [4] });
    expect([...tokens.subarray(1, 4)]).toEqual([255, 0, 255]);
    expect(tokens[8]).toBe(255);
    expect(clipped).toBe(3);
  });

  test("have a world vector of ±2 in RT-1-X", () => {
    const { tokens, clipped } = rt1.encode({ ...still, worldVector: [2, 1, 0] }, rt1.rt1x);
    expect([...tokens.subarray(1, 4)]).toEqual([255, 191, 127]);
    expect(clipped).toBe(0);
  });

  test("have rotations of ±π/2, as the code has it", () => {
    expect(rt1.rt1.ranges.rotationDelta).toEqual([-Math.PI / 2, Math.PI / 2]);
    expect(rt1.rt1.ranges.baseRotation).toEqual([-Math.PI, Math.PI]);
  });

  test("decode to the left edge: half a bin too low on average, a whole bin at worst", () => {
    const actions = Array.from({ length: 100_001 }, (_, i) => -1 + (2 * i) / 100_000);
    const errors = actions.map((a) => rt1.decodeValue(rt1.encodeValue(a, [-1, 1]), [-1, 1]) - a);
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    const rms = Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length);
    expect(mean).toBeCloseTo(-0.0039216, 5);
    expect(rms).toBeCloseTo(0.0045282, 5);
    expect(Math.max(...errors.map(Math.abs))).toBeCloseTo(0.0078431, 5);
    // Never too high, but for f32's roundings.
    expect(Math.max(...errors)).toBeLessThan(2 ** -23);
  });

  test("decode an unknown mode to mode 0 in RT-1, to none in RT-1-X, and count it", () => {
    const tokens = [200, ...new Array(10).fill(128)];
    const [old, x] = [rt1.decode(tokens), rt1.decode(tokens, rt1.rt1x)];
    expect(old.action.terminate).toEqual([1, 0, 0]);
    expect(x.action.terminate).toEqual([0, 0, 0]);
    expect([old.outside, x.outside]).toEqual([1, 1]);
    expect(rt1.decode([2, ...new Array(9).fill(0), 256]).outside).toBe(1);
    expect(rt1.decode([2, ...new Array(10).fill(0)]).action.terminate).toEqual([0, 0, 1]);
  });

  test("come back to themselves at both ends and in the middle", () => {
    const { action, outside } = rt1.decode([1, 0, 255, 127, 0, 255, 127, 0, 255, 0, 255]);
    expect(outside).toBe(0);
    expect(action.worldVector.slice(0, 2)).toEqual([-1, 1]);
    expect(action.baseRotation[0]).toBeCloseTo(Math.PI, 6);
  });

  test("are refused where the action is none", () => {
    expect(() => rt1.encode({ ...still, worldVector: [0, 0] })).toThrow("worldVector must have 3 values, got 2");
    expect(() => rt1.encode({ ...still, gripperClosedness: [Number.NaN] })).toThrow(InputError);
    expect(() => rt1.encode({ ...still, terminate: [1, 1, 0] })).toThrow("terminate must add up to 1, got 1 + 1 + 0");
    // RT-1-X takes the largest without asking.
    expect(rt1.encode({ ...still, terminate: [1, 1, 1] }, rt1.rt1x).tokens[0]).toBe(0);
    expect(() => rt1.decode([1, 2])).toThrow("tokens must have 11 values, got 2");
    expect(() => rt1.encode(undefined as never)).toThrow("rt1.encode: action must be an action, got undefined");
    expect(() => rt1.encode(still, "rt1" as never)).toThrow("variant must be rt1.rt1, rt1.rt1x or ranges of your own");
  });

  test.each([
    [[1, 1]],
    [[1, -1]],
    [[0, Number.NaN]],
    [[0, Number.POSITIVE_INFINITY]],
    [[-3e38, 3e38]],
    [[1, 1 + 2 ** -30]],
    [[0]],
    ["ab"],
  ])("are refused of the range %j, of which every token would be 0 or no number", (range) => {
    expect(() => rt1.encodeValue(0, range as never)).toThrow("rt1.encodeValue: range must");
    expect(() => rt1.decodeValue(0, range as never)).toThrow(InputError);
    const ranges = new Array(7).fill([-1, 1]).with(3, range);
    expect(() => rt2.encode({ terminate: 0, values: new Array(7).fill(0) }, ranges)).toThrow(
      "rt2.encode: ranges[3] must",
    );
    expect(() => rt2.decode(new Array(8).fill(0), ranges)).toThrow("rt2.decode: ranges[3] must");
  });
});

describe("RT-2's strings", () => {
  const example = "1 128 91 241 5 101 127 217";

  test("are eight whole numbers", () => {
    expect([...rt2.parse(example)]).toEqual([1, 128, 91, 241, 5, 101, 127, 217]);
    expect(rt2.format(rt2.parse(example))).toBe(example);
    expect([...rt2.parse(`  ${example.replaceAll(" ", "  ")}\n`)]).toEqual([...rt2.parse(example)]);
  });

  test("are RT-1's bins", () => {
    const { numbers, clipped } = rt2.encode({ terminate: 0, values: [0.9, 0.8, -0.3, -0.1, 0.2, 0.6, 1.7] });
    expect([...numbers]).toEqual([0, 242, 229, 89, 119, 143, 176, 255]);
    expect(clipped).toBe(1);
    // The f32 next to π/2 lies above it: it is the end of the range all the same, as with RT-1.
    expect(rt2.encode({ terminate: 0, values: [0, 0, 0, Math.fround(Math.PI / 2), 0, 0, 0] }).clipped).toBe(0);
    const { terminate, values } = rt2.decode(numbers);
    expect(terminate).toBe(0);
    expect([...values]).toEqual(
      [242, 229, 89]
        .map((n) => rt1.decodeValue(n, [-1, 1]))
        .concat(
          [119, 143, 176].map((n) => rt1.decodeValue(n, [-Math.PI / 2, Math.PI / 2])),
          1,
        ),
    );
  });

  test.each([
    "",
    "1 2 3",
    `${example} 7`,
    example.replace("91", "256"),
    example.replace("91", "-1"),
    example.replace("91", "x"),
    example.replace("91", "9.1"),
  ])("refuse %j", (text) => {
    expect(() => rt2.parse(text)).toThrow(InputError);
    expect(() => rt2.parse(text)).toThrow("rt2.parse: text must be 8 whole numbers from 0 to 255, got");
  });

  test("refuse numbers and actions that do not fit", () => {
    expect(() => rt2.format([1, 2, 3, 4, 5, 6, 7, 256])).toThrow("numbers must be from 0 to 255, got 256");
    expect(() => rt2.encode({ terminate: 0, values: [Number.NaN, 0, 0, 0, 0, 0, 0] })).toThrow(
      "values[0] must be a number",
    );
    expect(() => rt2.encode({ terminate: 2 as 1, values: new Array(7).fill(0) })).toThrow(
      "terminate must be 0 or 1, got 2",
    );
  });
});

describe("RT-2's vocabularies", () => {
  test("of integers map each number to its token and back", () => {
    const vocabulary = rt2.integerVocabulary(1_000, (n) => 999 - n);
    expect(vocabulary.ids[0]).toBe(999);
    expect(vocabulary.mask.reduce((sum, one) => sum + one, 0)).toBe(256);
    expect([...rt2.numbersOf([999, 744, 743, 5, -1], vocabulary)]).toEqual([0, 255, -1, -1, -1]);
  });

  test("without integers take the 256 least frequent tokens", () => {
    const vocabulary = rt2.leastFrequentVocabulary(Array.from({ length: 600 }, (_, id) => (id < 300 ? 1_000 - id : 5)));
    expect([...vocabulary.ids]).toEqual(Array.from({ length: 256 }, (_, k) => 300 + k));
    const rare = rt2.leastFrequentVocabulary(Array.from({ length: 300 }, (_, id) => 300 - id));
    expect(rare.ids[0]).toBe(299);
    expect(rare.numberOf[0]).toBe(-1);
  });

  test("are refused where they are none", () => {
    expect(() => rt2.integerVocabulary(1_000, () => 3)).toThrow("ids must be 256 different ones");
    expect(() => rt2.integerVocabulary(1_000, (n) => n + 0.5)).toThrow("ids[0] must be a whole number, got 0.5");
    expect(() => rt2.integerVocabulary(1_000, [] as never)).toThrow("idOf must be a function, got an array of 0");
    expect(() => rt2.integerVocabulary(2 ** 40, (n) => n)).toThrow(
      "classes must be a whole number from 256 to 16777216",
    );
    expect(() => rt2.numbersOf([1], {} as never)).toThrow("rt2.numbersOf: vocabulary must be one of integerVocabulary");
    expect(() => rt2.integerVocabulary(255, (n) => n)).toThrow(
      "classes must be a whole number from 256 to 16777216, got 255",
    );
    expect(() => rt2.leastFrequentVocabulary([1, 2, 3])).toThrow("frequencies must be of at least 256 tokens, got 3");
  });
});
