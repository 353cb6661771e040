import { describe, expect, test } from "vitest";
import { owenScramble, owenScrambleAll } from "../../../src/random/owen.ts";
import { sobolWord } from "../../../src/random/sobol.ts";
import { sobolDirections } from "../../../src/random/sobol-directions.ts";
import { fillWords } from "../../../src/random/words.ts";

function randomWords(count: number, stream: number): Uint32Array {
  const words = new Uint32Array(count);
  fillWords(words, { generator: "threefry4x32-20", seed: [1, 2], stream }, 1, 0, 0);
  return words;
}

/** How many standard errors chi-square of these counts, equal in expectation, is above its mean. */
function chiSquareZ(counts: ArrayLike<number>): number {
  const all = Array.from(counts);
  const mean = all.reduce((a, b) => a + b, 0) / all.length;
  const chi = all.reduce((sum, n) => sum + (n - mean) ** 2 / mean, 0);
  return (chi - (all.length - 1)) / Math.sqrt(2 * (all.length - 1));
}

describe("a scramble is nested", () => {
  const [words, seeds] = [randomWords(2 ** 16, 0), randomWords(2 ** 16, 1)];

  test("a changed bit changes itself, no more significant one, and each less significant one half of the time", () => {
    const flips = new Uint32Array(32 * 32);
    for (let n = 0; n < words.length; n++) {
      const [word = 0, seed = 0] = [words[n], seeds[n]];
      const scrambled = owenScramble(word, seed);
      for (let k = 0; k < 32; k++) {
        const changed = (scrambled ^ owenScramble(word ^ (1 << k), seed)) >>> 0;
        if (Math.clz32(changed) !== 31 - k) expect.unreachable(`bit ${k} of ${word} under seed ${seed}`);
        for (let j = 0; j < k; j++) if ((changed >>> j) & 1) flips[32 * k + j] = (flips[32 * k + j] ?? 0) + 1;
      }
    }
    // 496 shares of 65,536 have a standard error of 0.002 each: 0.01 is 5 of them.
    const shares = Array.from({ length: 32 }, (_, k) => Array.from(flips.subarray(32 * k, 32 * k + k))).flat();
    expect(Math.max(...shares.map((n) => Math.abs(n / words.length - 0.5)))).toBeLessThan(0.01);
  });

  test("seeds permute every word uniformly", () => {
    for (const word of [0, 1, 2 ** 31, 2 ** 32 - 1, 0x55555555, ...words.subarray(0, 8)]) {
      for (const shift of [24, 16, 8, 0]) {
        const counts = new Uint32Array(256);
        for (const seed of seeds) {
          const bin = (owenScramble(word, seed) >>> shift) & 255;
          counts[bin] = (counts[bin] ?? 0) + 1;
        }
        expect(chiSquareZ(counts)).toBeLessThan(5);
      }
    }
  });
});

test("scrambling many words is scrambling each", () => {
  const words = randomWords(1_000, 6);
  const want = words.map((word) => owenScramble(word, 0xdeadbeef));
  owenScrambleAll(words, 0xdeadbeef);
  expect(words).toEqual(want);
});

describe("a scramble is as good as full scrambling", () => {
  test("of every two words the leading bits are jointly uniform, but for those that they share", () => {
    const [seeds, words] = [randomWords(2 ** 17, 2), randomWords(64, 3)];
    for (let rep = 0; rep < 24; rep++) {
      // They differ from bit `apart` (of five) on; of the other word the bits after it are free.
      const apart = rep % 4;
      const free = 4 - apart;
      const one = words[2 * rep] ?? 0;
      const first = 2 ** (31 - apart);
      const other = (((one ^ first) & -first) | ((words[2 * rep + 1] ?? 0) & (first - 1))) >>> 0;
      const counts = new Uint32Array(2 ** (5 + free));
      for (const seed of seeds) {
        const bin = ((owenScramble(one, seed) >>> 27) << free) | ((owenScramble(other, seed) >>> 27) & (2 ** free - 1));
        counts[bin] = (counts[bin] ?? 0) + 1;
      }
      expect(chiSquareZ(counts)).toBeLessThan(5);
    }
  });

  test("the 15 flips of the first four levels are independent by twos, threes, fours and fives", () => {
    const seeds = randomWords(2 ** 17, 4);
    // sums[mask]: over the seeds, the product of the flips (as ±1) in the mask, by a Walsh–Hadamard transform.
    const sums = new Float64Array(2 ** 15);
    for (const seed of seeds) {
      let flips = 0;
      for (let level = 0, node = 0; level < 4; level++) {
        for (let prefix = 0; prefix < 2 ** level; prefix++, node++) {
          // The node's own bit is 0 here, so what comes out is its flip.
          const word = (prefix * 2 ** (32 - level)) >>> 0;
          flips |= ((owenScramble(word, seed) >>> (31 - level)) & 1) << node;
        }
      }
      sums[flips] = (sums[flips] ?? 0) + 1;
    }
    for (let half = 1; half < sums.length; half *= 2) {
      for (let k = 0; k < sums.length; k++) {
        if (k & half) continue;
        const [a = 0, b = 0] = [sums[k], sums[k | half]];
        sums[k] = a + b;
        sums[k | half] = a - b;
      }
    }
    const size = (mask: number) => mask.toString(2).replaceAll("0", "").length;
    const worst = Math.max(...sums.map((sum, mask) => (mask > 0 && size(mask) <= 5 ? Math.abs(sum) : 0)));
    // 4,943 sums of 2^17 signs: one beyond 5.5 standard errors has a chance of 2e-4.
    expect(worst).toBeLessThan(5.5 * Math.sqrt(seeds.length));
  });
});

describe("randomised quasi-Monte Carlo", () => {
  const directions = sobolDirections(2);
  const smooth = (x: number, y: number) => Math.exp(x) * Math.cos(2 * y) + x * y * y;

  type Scramble = (word: number, seed: number) => number;

  /** Variance of the mean of f over n scrambled points, from independent replicates. */
  function varianceOf(f: (x: number, y: number) => number, n: number, replicates: number, scramble: Scramble): number {
    const seeds = randomWords(2 * replicates, 5);
    const means = Array.from({ length: replicates }, (_, r) => {
      let sum = 0;
      for (let i = 0; i < n; i++) {
        const x = scramble(sobolWord(directions, 0, i), seeds[2 * r] ?? 0);
        const y = scramble(sobolWord(directions, 1, i), seeds[2 * r + 1] ?? 0);
        sum += f((x + 0.5) / 2 ** 32, (y + 0.5) / 2 ** 32);
      }
      return sum / n;
    });
    const centre = means.reduce((a, b) => a + b, 0) / replicates;
    return means.reduce((sum, mean) => sum + (mean - centre) ** 2, 0) / (replicates - 1);
  }

  test("the variance of a smooth mean falls faster than n^-2.6", () => {
    const sizes = [4, 5, 6, 7, 8, 9, 10, 11, 12];
    const logs = sizes.map((m) => Math.log2(varianceOf(smooth, 2 ** m, 128, owenScramble)));
    const meanSize = 8;
    const meanLog = logs.reduce((a, b) => a + b, 0) / logs.length;
    const slope = sizes.reduce((sum, m, k) => sum + (m - meanSize) * ((logs[k] ?? 0) - meanLog), 0) / 60;
    // Each log2 has a standard error of 0.18, the slope of 0.023.
    expect(slope).toBeLessThan(-2.6);
    expect(slope).toBeGreaterThan(-3.3);
  });

  test("the variance is that of full scrambling", () => {
    // Every node of the tree flips by its own hash.
    const full: Scramble = (word, seed) => {
      let scrambled = word;
      for (let level = 0; level < 12; level++) {
        const prefix = level === 0 ? 0 : word >>> (32 - level);
        let hash = Math.imul(seed ^ Math.imul(prefix + 1, 0x9e3779b1) ^ Math.imul(level + 1, 0x85ebca6b), 0xc2b2ae35);
        hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
        hash = Math.imul(hash ^ (hash >>> 13), 0x297a2d39);
        if ((hash ^ (hash >>> 16)) & 1) scrambled ^= 1 << (31 - level);
      }
      return ((scrambled & 0xfff00000) | (hash20(scrambled, seed) & 0xfffff)) >>> 0;
    };
    const hash20 = (word: number, seed: number) => {
      let hash = Math.imul((word >>> 20) ^ Math.imul(seed, 0x9e3779b1), 0x85ebca6b);
      hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
      return hash ^ (hash >>> 13);
    };
    const functions = [
      smooth,
      (x: number, y: number) => Number(x + y < 1.1),
      (x: number, y: number) => Number(x < 0.3) * Number(y < 0.7),
    ];
    for (const f of functions) {
      for (const n of [4, 16, 64]) {
        const ratio = varianceOf(f, n, 4_096, owenScramble) / varianceOf(f, n, 4_096, full);
        // Two variances from 4,096 replicates each: the ratio's standard error is 0.03 (normal means).
        expect(Math.abs(ratio - 1)).toBeLessThan(0.15);
      }
    }
  });
});
