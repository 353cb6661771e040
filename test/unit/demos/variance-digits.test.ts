import { describe, expect, test } from "vitest";
import { halfWidthOf, settle, settledDigits } from "../../../demos/shared/settle.ts";

describe("settled digits", () => {
  test("end where the interval is wider than a unit", () => {
    expect(settle(1.0000237, 0.00004)).toMatchObject({ ink: "1.0000", faded: "237", digits: 5 });
    expect(settle(Math.PI, 0.004)).toMatchObject({ ink: "3.14", faded: "159", digits: 3 });
    expect(settle(-Math.PI, 0.004)).toMatchObject({ ink: "−3.14", faded: "159" });
  });

  test("count an interval of exactly one unit as settled", () => {
    expect(settledDigits(Math.PI, 0.005)).toBe(3);
    expect(settledDigits(Math.PI, 0.0051)).toBe(2);
  });

  test("are none without an interval", () => {
    expect(settle(0.7, Number.POSITIVE_INFINITY)).toMatchObject({ ink: "", digits: 0 });
    expect(settle(0.7, Number.NaN)).toMatchObject({ ink: "", digits: 0 });
    expect(settle(2, 4)).toMatchObject({ ink: "", digits: 0 });
  });

  test("stop before the point where the interval spans tens", () => {
    expect(settle(12345.6, 30)).toMatchObject({ ink: "123", faded: "45.6", digits: 3 });
  });

  test("leave zeros in front of a small number uncounted", () => {
    expect(settle(0.00135, 0.00002)).toMatchObject({ ink: "0.0013", faded: "500", digits: 2 });
  });

  test("of large and tiny numbers stand before a power of ten", () => {
    expect(settle(2.5e-9, 1e-11)).toMatchObject({ ink: "2.5", power: " × 10⁻⁹" });
    expect(settle(6.02214e23, 4e19)).toMatchObject({ ink: "6.022", power: " × 10²³" });
  });

  test("keep to the decimals of a column", () => {
    expect(settle(3.25, 0.7, 3, 5)).toMatchObject({ ink: "", faded: "3.25000" });
    expect(settle(Math.PI, 0.004, 3, 4)).toMatchObject({ ink: "3.14", faded: "16" });
  });

  test("never exceed what an f64 holds", () => {
    const { ink, faded } = settle(Math.PI, 1e-30);
    expect((ink + faded).replace(".", "").length).toBeLessThanOrEqual(15);
  });

  test("of what is not a number are none", () => {
    expect(settle(Number.NaN, 1)).toMatchObject({ ink: "", faded: "NaN" });
  });

  test("need a half-width of half a unit", () => {
    expect(halfWidthOf(Math.PI, 3)).toBeCloseTo(0.005, 12);
    expect(halfWidthOf(15, 1)).toBeCloseTo(5, 12);
    expect(settledDigits(0.0421, halfWidthOf(0.0421, 4))).toBe(4);
  });
});
