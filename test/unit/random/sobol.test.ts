import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { InputError } from "../../../src/core/errors.ts";
import { owenScramble } from "../../../src/random/owen.ts";
import { fillSobolWords, grayCode, SOBOL_DIMENSIONS, sobolWord } from "../../../src/random/sobol.ts";
import { sobolDirections } from "../../../src/random/sobol-directions.ts";
import { fillWords } from "../../../src/random/words.ts";

const directions = sobolDirections(SOBOL_DIMENSIONS);

function randomWords(count: number, stream: number): Uint32Array {
  const words = new Uint32Array(count);
  fillWords(words, { generator: "threefry4x32-20", seed: [1, 2], stream }, 0, 0, 0);
  return words;
}

describe("agrees with SciPy", () => {
  // scipy.stats.qmc.Sobol(5, scramble=False).random(8)
  const first = [
    [0, 0, 0, 0, 0],
    [0.5, 0.5, 0.5, 0.5, 0.5],
    [0.75, 0.25, 0.25, 0.25, 0.75],
    [0.25, 0.75, 0.75, 0.75, 0.25],
    [0.375, 0.375, 0.625, 0.875, 0.375],
    [0.875, 0.875, 0.125, 0.375, 0.875],
    [0.625, 0.125, 0.875, 0.625, 0.625],
    [0.125, 0.625, 0.375, 0.125, 0.125],
  ];

  test("on the first points of five coordinates", () => {
    const got = first.map((point, i) => point.map((_, c) => sobolWord(directions, c, grayCode(i)) / 2 ** 32));
    expect(got).toEqual(first);
  });

  test("on point 1,000", () => {
    // (scipy.stats.qmc.Sobol(41, scramble=False).random(1001)[1000] * 2**30).astype(int)
    const want = [235929600, 103809024, 556793856, 726663168, 300941312, 974127104, 49283072, 965738496];
    const word = (c: number) => sobolWord(directions, c, grayCode(1_000)) / 4;
    expect(want.map((_, c) => word(c))).toEqual(want);
    expect([word(19), word(39)]).toEqual([779091968, 514850816]);
  });

  test("on all 1,111 coordinates of 1,024 points", () => {
    // x = scipy.stats.qmc.Sobol(1111, scramble=False, bits=32).random(1024)   (SciPy 1.17.1)
    // hashlib.sha256((x * 2**32).astype("<u4").tobytes()).hexdigest()
    const want = "b7a521f2e6c45c2a3d3e404e26c7c0e672ff56a517c0dbd0ccab967e23511992";
    const points = Buffer.alloc(4 * 1_024 * SOBOL_DIMENSIONS);
    for (let i = 0, at = 0; i < 1_024; i++) {
      for (let c = 0; c < SOBOL_DIMENSIONS; c++, at += 4) {
        points.writeUInt32LE(sobolWord(directions, c, grayCode(i)), at);
      }
    }
    expect(createHash("sha256").update(points).digest("hex")).toBe(want);
  });
});

describe("laws", () => {
  test("every coordinate puts one of 2^32 points into each of 2^32 intervals: bit b first reaches place 31 - b", () => {
    const wrong = directions.findIndex((word, k) => (word >>> 0) % 2 ** (32 - (k % 32)) !== 2 ** (31 - (k % 32)));
    expect(wrong).toBe(-1);
  });

  test("fewer dimensions have the same directions", () => {
    for (const d of [1, 2, 3, 100]) expect(sobolDirections(d)).toEqual(directions.subarray(0, 32 * d));
  });

  test("words of consecutive points are their words, up to the last of 2^32", () => {
    for (const random of [...randomWords(1_000, 1), 0, 2 ** 32 - 1]) {
      const [first, c] = [Math.min(random, 2 ** 32 - 100), random % SOBOL_DIMENSIONS];
      const words = new Uint32Array(100);
      fillSobolWords(words, directions, c, first);
      expect([...words]).toEqual(Array.from(words, (_, k) => sobolWord(directions, c, first + k)));
    }
  });

  /** Whether each of the 2^m boxes of 2^-a by 2^-(m - a) has one point, for every a. */
  function isNet(points: readonly (readonly [number, number])[], m: number): boolean {
    for (let a = 0; a <= m; a++) {
      const boxes = points.map(
        ([x, y]) => Math.floor(x / 2 ** (32 - a)) * 2 ** (m - a) + Math.floor(y / 2 ** (32 - m + a)),
      );
      if (new Set(boxes).size !== 2 ** m) return false;
    }
    return true;
  }

  test.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])(
    "blocks of 2^%i points in two coordinates are (0, m, 2)-nets, scrambled or not",
    (m) => {
      const [s = 0, t = 0, r = 0] = randomWords(3, 2 + m);
      for (const block of [0, 1, 5, r >>> m]) {
        const points = Array.from({ length: 2 ** m }, (_, k) => {
          const i = ((block * 2 ** m) % 2 ** 32) + k;
          return [sobolWord(directions, 0, i), sobolWord(directions, 1, i)] as const;
        });
        expect(isNet(points, m)).toBe(true);
        for (const d of [0, 1, 2]) {
          const scrambled = points.map(([x, y]) => [owenScramble(x, s + d), owenScramble(y, t + d)] as const);
          expect(isNet(scrambled, m)).toBe(true);
        }
        // The control: half a turn of one coordinate of one point.
        const [[x = 0, y = 0] = [], ...others] = points;
        if (m > 0) expect(isNet([[x, (y ^ 0x80000000) >>> 0], ...others], m)).toBe(false);
      }
    },
  );
});

describe("refusals", () => {
  test.each([0, -1, 1.5, SOBOL_DIMENSIONS + 1, Number.NaN])("%d dimensions", (dimensions) => {
    expect(() => sobolDirections(dimensions)).toThrow(InputError);
  });
});
