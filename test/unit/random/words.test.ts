import { describe, expect, test } from "vitest";
import { InputError } from "../../../src/core/errors.ts";
import { mulhi, philox4x32 } from "../../../src/random/philox.ts";
import { type Seed, seedHex, seedWords } from "../../../src/random/seed.ts";
import { threefry4x32 } from "../../../src/random/threefry.ts";
import { type Address, fillWords, type GeneratorName } from "../../../src/random/words.ts";

const GENERATORS: readonly GeneratorName[] = ["threefry4x32-20", "philox4x32-10"];

function hex(words: Uint32Array): string {
  return Array.from(words, (word) => word.toString(16).padStart(8, "0")).join(" ");
}

function numbers(words: string): number[] {
  return words.split(" ").map((word) => Number.parseInt(word, 16));
}

describe("known answers (Random123, tests/kat_vectors)", () => {
  test.each([
    ["00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"],
    ["ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"],
    ["243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"],
  ])("Philox4x32-10: counter %s, key %s", (counter, key, want) => {
    const [c0 = 0, c1 = 0, c2 = 0, c3 = 0] = numbers(counter);
    const [k0 = 0, k1 = 0] = numbers(key);
    const out = new Uint32Array(4);
    philox4x32(out, c0, c1, c2, c3, k0, k1);
    expect(hex(out)).toBe(want);
  });

  test.each([
    [
      "00000000 00000000 00000000 00000000",
      "00000000 00000000 00000000 00000000",
      "9c6ca96a e17eae66 fc10ecd4 5256a7d8",
    ],
    [
      "ffffffff ffffffff ffffffff ffffffff",
      "ffffffff ffffffff ffffffff ffffffff",
      "2a881696 57012287 f6c7446e a16a6732",
    ],
    [
      "243f6a88 85a308d3 13198a2e 03707344",
      "a4093822 299f31d0 082efa98 ec4e6c89",
      "59cd1dbb b8879579 86b5d00c ac8b6d84",
    ],
  ])("Threefry4x32-20: counter %s, key %s", (counter, key, want) => {
    const [c0 = 0, c1 = 0, c2 = 0, c3 = 0] = numbers(counter);
    const [k0 = 0, k1 = 0, k2 = 0, k3 = 0] = numbers(key);
    const out = new Uint32Array(4);
    threefry4x32(out, c0, c1, c2, c3, k0, k1, k2, k3);
    expect(hex(out)).toBe(want);
  });
});

test("mulhi is the upper half of the product", () => {
  const edges = [0, 1, 0xffff, 0x10000, 0xffff0000, 0xffffffff, 0x7fffffff, 0x80000000, 0xd2511f53, 0xcd9e8d57];
  const random = new Uint32Array(2_000);
  fillWords(random, { generator: "threefry4x32-20", seed: [1, 2], stream: 3 }, 0, 0, 0);
  const pairs = edges.flatMap((a) => edges.map((b) => [a, b] as const));
  for (let k = 0; k < random.length; k += 2) pairs.push([random[k] ?? 0, random[k + 1] ?? 0]);
  for (const [a, b] of pairs) expect(mulhi(a, b) >>> 0).toBe(Number((BigInt(a) * BigInt(b)) >> 32n));
});

describe.each(GENERATORS)("fillWords, %s", (generator) => {
  const address: Address = { generator, seed: [0x01234567, 0x89abcdef], stream: 0xfedcba98 };

  // The definition, in 64-bit integers.
  function word(coordinate: number, purpose: number, index: number): number {
    const quad = BigInt(index) >> 2n;
    const counter = [Number(quad & 0xffff_ffffn), Number(quad >> 32n), address.stream, coordinate + purpose * 65_536];
    const [c0 = 0, c1 = 0, c2 = 0, c3 = 0] = counter;
    const out = new Uint32Array(4);
    (generator === "philox4x32-10" ? philox4x32 : threefry4x32)(out, c0, c1, c2, c3, ...address.seed);
    return out[index % 4] as number;
  }

  test.each([0, 1, 2, 3, 2 ** 32 - 5, 2 ** 34 - 9, 2 ** 34 - 1, 2 ** 34, 3 * 2 ** 34 - 6, 2 ** 53 - 40])(
    "gives each sample its own word from sample %d on, whatever the length",
    (first) => {
      const want = Array.from({ length: 24 }, (_, k) => word(5, 1, first + k));
      for (let length = 0; length <= want.length; length++) {
        for (let start = first; start < first + 4 && start + length <= first + want.length; start++) {
          const out = new Uint32Array(length);
          fillWords(out, address, 5, 1, start);
          expect(Array.from(out)).toEqual(want.slice(start - first, start - first + length));
        }
      }
    },
  );

  test("has words of their own for each coordinate, purpose, stream and seed", () => {
    const fill = (changed: Partial<Address>, coordinate: number, purpose: number) => {
      const out = new Uint32Array(8);
      fillWords(out, { ...address, ...changed }, coordinate, purpose, 0);
      return hex(out);
    };
    const all = [
      fill({}, 0, 0),
      fill({}, 1, 0),
      fill({}, 65_535, 0),
      fill({}, 0, 1),
      fill({}, 1, 1),
      fill({ stream: 0 }, 0, 0),
      fill({ seed: [0x89abcdef, 0x01234567] }, 0, 0),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  test("leaves what lies outside its window alone", () => {
    const whole = new Uint32Array(16);
    fillWords(whole.subarray(3, 13), address, 0, 0, 6);
    expect(Array.from(whole.subarray(0, 3))).toEqual([0, 0, 0]);
    expect(Array.from(whole.subarray(13))).toEqual([0, 0, 0]);
    expect(whole[3]).toBe(word(0, 0, 6));
    expect(whole[12]).toBe(word(0, 0, 15));
  });
});

describe("seeds", () => {
  test.each([
    [0, "0000000000000000"],
    [42, "000000000000002a"],
    [42n, "000000000000002a"],
    [2 ** 32, "0000000100000000"],
    [2 ** 53 - 1, "001fffffffffffff"],
    [0xfedc_ba98_7654_3210n, "fedcba9876543210"],
    [2n ** 64n - 1n, "ffffffffffffffff"],
  ] as const)("%s is %s", (seed, digits) => {
    expect(seedHex(seedWords(seed, "test"))).toBe(digits);
  });

  test.each([
    [-1, "got -1"],
    [0.5, "got 0.5"],
    [2 ** 53, "got 9007199254740992"],
    [Number.NaN, "got NaN"],
    [Number.POSITIVE_INFINITY, "got Infinity"],
    [-1n, "got -1n"],
    [2n ** 64n, "got 18446744073709551616n"],
    ["42" as unknown as Seed, 'got "42"'],
    [undefined as unknown as Seed, "got undefined"],
  ])("%s is refused", (seed, got) => {
    expect(() => seedWords(seed, "expectation")).toThrow(InputError);
    expect(() => seedWords(seed, "expectation")).toThrow(
      `expectation: seed must be a whole number in [0, 2^53) or a bigint in [0, 2^64), ${got}`,
    );
  });
});
