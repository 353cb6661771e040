import { describe, expect, test } from "vitest";
import { strataParams, stratumWord } from "../../../src/random/strata.ts";
import { fillWords } from "../../../src/random/words.ts";

const LAST = 2 ** 32 - 1;

function randomWords(count: number, stream: number): Uint32Array {
  const words = new Uint32Array(count);
  fillWords(words, { generator: "threefry4x32-20", seed: [1, 2], stream }, 2, 0, 0);
  return words;
}

/** The definition in exact arithmetic. */
function exact(k: number, w: number, S: number): number {
  const begin = (BigInt(k) << 32n) / BigInt(S);
  const end = (BigInt(k + 1) << 32n) / BigInt(S);
  return Number(begin + (((end - begin) * BigInt(w)) >> 32n));
}

describe("a word in a stratum is the definition's", () => {
  test("at both ends of every stratum for all S <= 4,096", () => {
    // k 2^32 < 2^53 here, so the remainder is exact.
    const boundary = (k: number, S: number) => (k * 2 ** 32 - ((k * 2 ** 32) % S)) / S;
    let wrong = 0;
    for (let S = 1; S <= 4_096; S++) {
      for (let k = 0; k < S; k++) {
        if (stratumWord(k, 0, S) !== boundary(k, S)) wrong++;
        if (stratumWord(k, LAST, S) !== boundary(k + 1, S) - 1) wrong++;
      }
    }
    expect(wrong).toBe(0);
  });

  test("for random words in random strata of S up to 2^31", () => {
    const random = randomWords(3 * 2 ** 16, 0);
    for (let n = 0; n < random.length; n += 3) {
      const [r = 0, s = 0, w = 0] = random.subarray(n, n + 3);
      const S = 1 + Math.floor((s >>> 1) / 2 ** (n % 31));
      const k = n % 5 === 0 ? S - 1 : r % S;
      if (stratumWord(k, w, S) !== exact(k, w, S)) expect.unreachable(`stratum ${k} of ${S}, word ${w}`);
    }
  });

  test.each([2 ** 31, 2 ** 31 - 1, 2 ** 30 + 1, 3 * 2 ** 29, 2 ** 16, 1])("at the edges of %i strata", (S) => {
    for (const k of [0, 1, S >>> 1, S - 2, S - 1].filter((k) => k >= 0 && k < S)) {
      for (const w of [0, 1, 2 ** 31, LAST]) expect(stratumWord(k, w, S)).toBe(exact(k, w, S));
    }
  });
});

test("a shader's parameters are the digits of 2^32 / S", () => {
  for (const S of [1, 2, 3, 1_000, 2 ** 31 - 1, 2 ** 31, ...randomWords(100, 1).map((s) => 1 + (s >>> 1))]) {
    const [count, width, fraction] = strataParams(S);
    const ratio = 2n ** 64n / BigInt(S);
    expect(count).toBe(S);
    expect(BigInt(width) * 2n ** 32n + BigInt(fraction)).toBe(ratio % 2n ** 64n);
  }
});
