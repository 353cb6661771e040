import { describe, expect, test } from "vitest";
import { bitsOf, floatOf } from "../../../src/arithmetic/bits.ts";
import { fromHalves, toHalves } from "../../../src/arithmetic/halves.ts";
import { everyHalf, valueOfHalf } from "../../support/halves.ts";

describe.each(["f16", "bf16"] as const)("%s", (half) => {
  const values = fromHalves(everyHalf, half);

  test("every pattern has its number, sign of zero included", () => {
    everyHalf.forEach((bits) => void expect(values[bits]).toBe(valueOfHalf(bits, half)));
  });

  test("every number goes back to its pattern, and every NaN to a quiet one of its sign", () => {
    const back = toHalves(values, half);
    const infinity = half === "f16" ? 0x7c00 : 0x7f80;
    const quiet = half === "f16" ? 0x7e00 : 0x7fc0;
    for (const bits of everyHalf) {
      if ((bits & 0x7fff) <= infinity) expect(back[bits]).toBe(bits);
      else expect((back[bits] ?? 0) & (0x8000 | quiet)).toBe((bits & 0x8000) | quiet);
    }
  });

  test("midway between two numbers the even one is nearest, and a hair beside it the near one", () => {
    const largest = half === "f16" ? 0x7bff : 0x7f7f;
    for (let bits = 0; bits <= largest; bits++) {
      const above = bits < largest ? (values[bits + 1] ?? 0) : 2 ** (half === "f16" ? 16 : 128);
      const midway = bitsOf((values[bits] ?? 0) / 2 + above / 2);
      const around = Float32Array.from([midway - 1, midway, midway + 1], floatOf);
      expect([...toHalves(around, half)]).toEqual([bits, bits + (bits & 1), bits + 1]);
    }
  });
});
