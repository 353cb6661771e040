import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import * as openvla from "../../../src/robotics/openvla/openvla.ts";

describe("OpenVLA's action tokenizer", () => {
  test("has NumPy's 256 edges and 255 centres, to the last bit", () => {
    expect(openvla.edges).toHaveLength(256);
    expect(openvla.centres).toHaveLength(255);
    // NumPy 1.24.2: bins = np.linspace(-1, 1, 256); sha256 of bins.tobytes() and of ((bins[:-1] + bins[1:]) / 2).tobytes()
    expect(sha256(openvla.edges)).toBe("002045cee0cbc16c4bda735e38416f4679cc0ecdec4af05334c11602840eb56d");
    expect(sha256(openvla.centres)).toBe("4d9fc34d53a0b96a992446bf1530dfca9b9d87f3b7ad5668a16dea80a4a9c0ab");
  });

  test("has centres from -0.99607843 through 0 at index 127 to +0.99607843", () => {
    expect(openvla.centres[0]).toBeCloseTo(-0.99607843, 8);
    expect(openvla.centres[127]).toBe(0);
    expect(openvla.centres[254]).toBeCloseTo(0.99607843, 8);
  });

  // Computed with prismatic/vla/action_tokenizer.py.
  test.each([
    [-1, 31999, -0.99607843],
    [-0.5, 31936, -0.50196078],
    [0, 31872, 0],
    [0.25, 31840, 0.25098039],
    [0.5, 31808, 0.50196078],
    [0.999, 31745, 0.99607843],
    [1, 31744, 0.99607843],
  ])("encodes %f as %i and decodes it to %f", (action, id, decoded) => {
    expect(openvla.encode(action)).toBe(id);
    expect(openvla.decode(id)).toBeCloseTo(decoded, 8);
  });

  test("uses the ids 31744 to 31999, the larger action having the smaller id", () => {
    expect(openvla.encode(-1)).toBe(openvla.actionIds[1] - 1);
    expect(openvla.encode(1)).toBe(openvla.actionIds[0]);
    expect(openvla.actionTokenBeginIdx).toBe(openvla.actionIds[0] - 1);
    let previous = Number.POSITIVE_INFINITY;
    for (const edge of openvla.edges) {
      const id = openvla.encode(edge);
      expect(id).toBe(Math.min(openvla.vocabularySize - 1, previous - 1));
      previous = id;
    }
  });

  test("clips before it encodes", () => {
    expect(openvla.encode(7)).toBe(31744);
    expect(openvla.encode(Number.POSITIVE_INFINITY)).toBe(31744);
    expect(openvla.encode(-7)).toBe(31999);
    expect(openvla.encode(Number.NEGATIVE_INFINITY)).toBe(31999);
  });

  test("reaches the 256th bin with the action 1 alone, and decodes it like the 255th", () => {
    expect(openvla.encode(1 - 2 ** -53)).toBe(31745);
    expect(openvla.encode(1)).toBe(31744);
    expect(openvla.decode(31744)).toBe(openvla.decode(31745));
  });

  test("decodes ids that are no action to the ends: text to +0.996, padding to -0.996", () => {
    for (const id of [0, 1, 29871, 31743]) expect(openvla.decode(id)).toBeCloseTo(0.99607843, 8);
    for (const id of [32000, 32063]) expect(openvla.decode(id)).toBeCloseTo(-0.99607843, 8);
  });

  test("knows which ids are actions", () => {
    expect([31743, 31744, 31999, 32000].map(openvla.isAction)).toEqual([false, true, true, false]);
  });

  test("returns from every id that is not the 256th bin to the same id", () => {
    for (let id = 31745; id < 32000; id++) expect(openvla.encode(openvla.decode(id))).toBe(id);
  });

  test("loses at most half a bin in a round trip, 0.0022641 rms, and nothing on average", () => {
    const actions = Array.from({ length: 100_001 }, (_, i) => -1 + (2 * i) / 100_000);
    const errors = actions.map((action) => openvla.decode(openvla.encode(action)) - action);
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    const rms = Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length);
    expect(Math.max(...errors.map(Math.abs))).toBeCloseTo(1 / 255, 12);
    expect(mean).toBeCloseTo(0, 6);
    expect(rms).toBeCloseTo(0.0022641, 6);
  });

  test("refuses what is no action and no id", () => {
    expect(() => openvla.encode(Number.NaN)).toThrow("openvla.encode: action must be a number, got NaN");
    expect(() => openvla.decode(31744.5)).toThrow("openvla.decode: id must be an integer, got 31744.5");
  });
});

function sha256(values: readonly number[]): string {
  return createHash("sha256")
    .update(new Uint8Array(new Float64Array(values).buffer))
    .digest("hex");
}
