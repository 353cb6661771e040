import { describe, expect, test } from "vitest";
import { battery, failures } from "../../support/random/battery/battery.ts";
import { rankOf, rankProbability } from "../../support/random/battery/rank.ts";
import { interleavedLcg, interleavedStreams, randu } from "../../support/random/battery/sources.ts";
import {
  chiSquareUpper,
  gammaUpper,
  logGamma,
  normalUpper,
  poissonUpper,
} from "../../support/random/battery/special.ts";
import { weight } from "../../support/random/battery/statistic.ts";

const BYTES = 2 ** 22;

describe("words pass every test of the battery", () => {
  const settings = (["threefry4x32-20", "philox4x32-10"] as const).flatMap((generator) =>
    [1, 4, 8_196].map((streams) => [generator, streams] as const),
  );

  test.each(settings)("%s, %d streams", (generator, streams) => {
    expect(failures(battery(interleavedStreams(generator, streams, [42, 0]), BYTES))).toEqual([]);
  });
});

describe("the battery finds", () => {
  const found = (results: ReturnType<typeof battery>) => failures(results).map(({ test }) => test);

  test("RANDU's planes", () => {
    expect(found(battery(randu(), BYTES))).toContain("serial triples, high bits");
  });

  test.each([1, 4, 8_196])("the low bits of %d interleaved linear congruential generators", (streams) => {
    expect(found(battery(interleavedLcg(streams), BYTES))).toContain("serial pairs, low bits");
  });

  test("a generator that counts", () => {
    let next = 0;
    const counter = (block: Uint32Array) => {
      for (let k = 0; k < block.length; k++) block[k] = next++;
    };
    expect(found(battery(counter, BYTES)).length).toBeGreaterThan(10);
  });
});

describe("special functions", () => {
  const near = (got: number, want: number) => expect(Math.abs(got / want - 1)).toBeLessThan(1e-11);

  test("log gamma of halves and of whole numbers", () => {
    near(logGamma(0.5), Math.log(Math.PI) / 2);
    near(logGamma(11), Math.log(3_628_800));
    near(logGamma(100), 359.1342053695754);
  });

  test("Q(a, x) is e^-x for a = 1, and obeys its recurrence on both sides of a", () => {
    for (const x of [1e-3, 0.5, 1, 2, 30]) near(gammaUpper(1, x), Math.exp(-x));
    for (const a of [0.5, 3, 50, 2_047.5]) {
      for (const x of [0.9 * a, a, 1.1 * a, 1.5 * a + 2]) {
        const step = Math.exp(a * Math.log(x) - x - logGamma(a + 1));
        expect(gammaUpper(a + 1, x) - gammaUpper(a, x) - step).toBeCloseTo(0, 11);
      }
    }
  });

  test("tails at the points that tables give", () => {
    near(chiSquareUpper(3.841458820694124, 1), 0.05);
    near(chiSquareUpper(18.307038053275146, 10), 0.05);
    near(chiSquareUpper(2 * 6.907755278982137, 2), 0.001);
    near(normalUpper(1.959963984540054), 0.025);
    near(normalUpper(-1.959963984540054), 0.975);
    near(normalUpper(6), 9.865876450376946e-10);
    expect(normalUpper(0)).toBe(0.5);
  });

  test("the Poisson tail is the sum of its terms", () => {
    const term = (k: number) => Math.exp(k * Math.log(9) - 9 - logGamma(k + 1));
    for (const k of [0, 3, 9, 20]) {
      let above = 0;
      for (let j = 60; j > k; j--) above += term(j);
      near(poissonUpper(k, 9), above + term(k) / 2);
    }
    // Far out a Poisson variate is a normal one, but for its skewness.
    expect(poissonUpper(262_144, 262_144)).toBeCloseTo(0.5, 3);
  });
});

describe("matrices over GF(2)", () => {
  test("ranks of known matrices", () => {
    const identity = () => Uint32Array.from({ length: 32 }, (_, k) => 1 << k);
    expect(rankOf(identity(), 32, 1)).toBe(32);
    expect(rankOf(new Uint32Array(32), 32, 1)).toBe(0);
    expect(rankOf(new Uint32Array(32).fill(0x80000001), 32, 1)).toBe(1);
    const sums = identity();
    sums[31] = 0x7fffffff;
    expect(rankOf(sums, 32, 1)).toBe(31);
    // Row k has ones from place k on.
    const triangle = Uint32Array.from({ length: 64 * 2 }, (_, n) => {
      const [row, word] = [n >> 1, n & 1];
      if (row < 32) return word === 0 ? 0xffffffff << row : 0xffffffff;
      return word === 0 ? 0 : 0xffffffff << (row - 32);
    });
    expect(rankOf(triangle, 64, 2)).toBe(64);
  });

  test("probabilities of ranks: two rows by hand, and the limits that tables give", () => {
    expect([0, 1, 2].map((rank) => rankProbability(rank, 2))).toEqual(
      [1 / 16, 9 / 16, 6 / 16].map((p) => expect.closeTo(p, 14)),
    );
    expect(rankProbability(32, 32)).toBeCloseTo(0.288788095, 9);
    expect(rankProbability(31, 32)).toBeCloseTo(0.57757619, 9);
    expect(rankProbability(254, 256)).toBeCloseTo(0.128350264, 9);
    const all = Array.from({ length: 33 }, (_, rank) => rankProbability(rank, 32));
    expect(all.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 13);
  });
});

test("the weight of a word is its number of ones", () => {
  for (const word of [0, 1, 0x80000000, 0xffffffff, 0x12345678, 0xdeadbeef]) {
    expect(weight(word)).toBe(word.toString(2).replaceAll("0", "").length);
  }
});
