import { describe, expect, test } from "vitest";
import { studentQuantile } from "../../../src/distributions/special/student.ts";
import { ExactSum, toNumber } from "../../../src/expectation/exact-sum.ts";

const float = new Float32Array(1);
const word = new Uint32Array(float.buffer);

function bitsOf(value: number): number {
  float[0] = value;
  return word[0] as number;
}

/** An f32 in units of 2^-149. */
function units(bits: number): bigint {
  const exponent = (bits >>> 23) & 255;
  const fraction = BigInt(bits & 0x7fffff);
  const magnitude = exponent === 0 ? fraction : (fraction + 0x800000n) << BigInt(exponent - 1);
  return bits >>> 31 === 1 ? -magnitude : magnitude;
}

/** Any finite f32 may come, subnormal ones and both zeros too. */
function anyBits(count: number): Uint32Array {
  let state = 12_345;
  return Uint32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const bits = (state ^ (state >>> 15)) >>> 0;
    return ((bits >>> 23) & 255) === 255 ? bits & 0x807fffff : bits;
  });
}

describe("an exact sum", () => {
  const values = anyBits(10_000);
  const exact = values.reduce((sum, bits) => sum + units(bits), 0n);

  test("is the sum in integers, in any order and in any parts", () => {
    for (const order of [values, values.toReversed(), values.toSorted()]) {
      const sum = new ExactSum();
      for (const bits of order) sum.addBits(bits);
      expect(sum.value).toBe(exact);
    }
    const [left, right] = [new ExactSum(), new ExactSum()];
    values.forEach((bits, k) => {
      (k % 3 === 0 ? left : right).addBits(bits);
    });
    left.add(right);
    expect(left.value).toBe(exact);
  });

  test("survives text", () => {
    const sum = new ExactSum();
    for (const bits of values) sum.addBits(bits);
    const read = ExactSum.parse(sum.toString());
    expect(read?.value).toBe(exact);
    expect(read?.sound).toBe(true);
  });

  test.for(["", "-", "0x1", "1.5", " 1", "1 ", "g", "--1", "f".repeat(1_000)])("does not read %o", (text) => {
    expect(ExactSum.parse(text)).toBeUndefined();
  });

  test("is broken for good by what is not finite", () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const sum = new ExactSum();
      sum.addBits(bitsOf(value));
      sum.addBits(bitsOf(1));
      expect(sum.sound).toBe(false);
      const other = new ExactSum();
      other.add(sum);
      expect(other.sound).toBe(false);
      expect(ExactSum.parse(sum.toString())?.sound).toBe(false);
    }
  });
});

describe("the nearest f64", () => {
  test("of every f32 is itself", () => {
    for (const bits of anyBits(1_000)) {
      word[0] = bits;
      // An integer has one zero.
      expect(toNumber(units(bits))).toBe((float[0] as number) + 0);
    }
  });

  test("is rounded once, ties to even, however long the integer", () => {
    const one = 1n << 200n;
    const ulp = 1n << 148n;
    const scale = 2 ** 51;
    expect(toNumber(one)).toBe(scale);
    expect(toNumber(one + ulp / 2n)).toBe(scale);
    expect(toNumber(one + ulp / 2n + 1n)).toBe(scale * (1 + 2 ** -52));
    expect(toNumber(one + ulp + ulp / 2n)).toBe(scale * (1 + 2 ** -51));
    expect(toNumber(one + ulp + ulp / 2n - 1n)).toBe(scale * (1 + 2 ** -52));
    expect(toNumber(-one - ulp / 2n - 1n)).toBe(-scale * (1 + 2 ** -52));
  });
});

// scipy.stats.t.ppf, SciPy 1.17.1.
test.for([
  [0.975, 1, 12.706204736174694],
  [0.975, 2, 4.302652729749464],
  [0.975, 4, 2.7764451051977934],
  [0.975, 15, 2.131449545559776],
  [0.995, 15, 2.946712883475238],
  [0.975, 0.5, 164.55767348048818],
  [0.9995, 0.5, 411396.462526262],
  [0.975, 1e6, 1.959966356814107],
  [0.975, 1e9, 1.959963986912325],
  [0.9995, 1e12, 3.2905267315016555],
  [0.975, 100, 1.9839715185235518],
  [0.75, 1, 1],
  [0.5, 3, 0],
] as const)("Student's t at p = %d with %d degrees of freedom", ([p, degrees, want]) => {
  expect(Math.abs(studentQuantile(degrees, p, 1) - want)).toBeLessThanOrEqual(1e-14 * want);
  // 1 - p is rounded by up to 2^-54, 2.2e-13 of the 0.0005 to whose power -2 the farthest is proportional.
  expect(Math.abs(studentQuantile(degrees, 1 - p, 1) + want)).toBeLessThanOrEqual(5e-13 * want);
});

test("Student's t nears the normal distribution, and is it with infinite degrees", () => {
  const normal = 1.959963984540054;
  let last = Number.POSITIVE_INFINITY;
  for (const degrees of [1, 10, 1e3, 1e5, 1e7, 1e9, 1e12, Number.POSITIVE_INFINITY]) {
    const t = studentQuantile(degrees, 0.975, 1);
    expect(t).toBeLessThanOrEqual(last);
    expect(t).toBeGreaterThanOrEqual(normal * (1 - 1e-14));
    last = t;
  }
  expect(last).toBeCloseTo(normal, 14);
});
