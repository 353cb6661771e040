import { expect, test } from "vitest";
import { bitsOf, f32 } from "../../../src/arithmetic/bits.ts";
import {
  cosOfWord,
  cosOfWord64,
  normalRadius,
  normalRadius64,
  sinOfWord,
  sinOfWord64,
  unit,
  unitRefined,
} from "../../../src/arithmetic/variates.ts";
import { variates } from "../../../src/arithmetic/variates-wgsl.ts";
import { runOnWords } from "../../support/arithmetic/arithmetic-run.ts";
import { ulp } from "../../support/arithmetic/ulp.ts";
import { exhaustive } from "../../support/exhaustive.ts";

const count = exhaustive ? 2 ** 21 : 2 ** 16;
const edges = [0, 1, 2, 0x3fffff, 0x400000, 0x400001, 0x80000000, 0x7fffffff, 0xffffff00, 0xfffffeff, 0xffffffff];
for (let eighth = 0; eighth < 8; eighth++) {
  for (let by = -65; by <= 65; by++) edges.push((eighth * 0x20000000 + by) >>> 0);
}

/** Words of every size: the edges, then random bits, of which one in four has leading zeros and one in four leading ones. */
function words(seed: number): Uint32Array<ArrayBuffer> {
  let state = seed;
  return Uint32Array.from({ length: count }, (_, i) => {
    const edge = edges[i];
    if (edge !== undefined) return edge;
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const w = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) >>> 0;
    if (i % 4 === 0) return w >>> ((i >>> 2) % 32);
    return i % 4 === 1 ? ~(w >>> ((i >>> 2) % 32)) >>> 0 : w;
  });
}

const a = words(1);
const b = words(7).reverse();

/** Where the GPU's bits are not the twin's. */
function differences(got: Uint32Array, twin: (a: number, b: number) => number): string[] {
  const found: string[] = [];
  for (let i = 0; i < count; i++) {
    const want = bitsOf(twin(a[i] ?? 0, b[i] ?? 0)) >>> 0;
    if (got[i] !== want && found.length < 5) found.push(`${i}: ${a[i]}, ${b[i]} gave ${got[i]}, not ${want}`);
  }
  return found;
}

test("uniform variates equal their twins to the bit, and lie between 0 and 1", async () => {
  const code = `fn compute(a: u32, b: u32, zero: u32) -> vec2<u32> {
    return vec2<u32>(bitcast<u32>(unit(a)), bitcast<u32>(unit_refined(a, b)));
  }`;
  const [plain, refined] = await runOnWords(variates + code, a, b);
  expect(differences(plain, unit)).toEqual([]);
  expect(differences(refined, unitRefined)).toEqual([]);
  for (const got of [plain, refined]) {
    expect(got.every((bits) => bits >= bitsOf(2 ** -64) && bits < bitsOf(1))).toBe(true);
  }
});

test("radii equal their twins to the bit, are within 2 ULP and reach 8.6", async () => {
  const code = `fn compute(a: u32, b: u32, zero: u32) -> vec2<u32> {
    return vec2<u32>(bitcast<u32>(normal_radius(unit_refined(a, b), zero)), 0u);
  }`;
  const [got] = await runOnWords(variates + code, a, b);
  expect(differences(got, (a, b) => normalRadius(unitRefined(a, b)))).toEqual([]);
  let worst = 0;
  for (let i = 0; i < count; i++) {
    const u = unitRefined(a[i] ?? 0, b[i] ?? 0);
    const want = normalRadius64(u);
    worst = Math.max(worst, Math.abs(normalRadius(u) - want) / ulp(want));
  }
  console.log(`normal_radius: ${worst.toFixed(3)} ULP`);
  expect(worst).toBeLessThan(2);
  expect(normalRadius(unitRefined(0, 0))).toBeGreaterThan(8.6);
});

test("cosines and sines of words equal their twins to the bit, and are never 0", async () => {
  const code = `fn compute(a: u32, b: u32, zero: u32) -> vec2<u32> { return bitcast<vec2<u32>>(turn(a, zero)); }`;
  const [cos, sin] = await runOnWords(variates + code, a);
  expect(differences(cos, cosOfWord)).toEqual([]);
  expect(differences(sin, sinOfWord)).toEqual([]);
  expect([...cos, ...sin].every((bits) => (bits & 0x7fffffff) !== 0)).toBe(true);
});

test("normals are within 4 ULP and 1e-7 of their radius of the f64 normals of the same words", () => {
  let worst = 0;
  for (let i = 0; i < count; i++) {
    const u = unitRefined(a[i] ?? 0, b[i] ?? 0);
    const w = b[(i * 7919) % count] ?? 0;
    const r = normalRadius(u);
    const r64 = normalRadius64(u);
    for (const [z, want] of [
      [f32(r * cosOfWord(w)), r64 * cosOfWord64(w)],
      [f32(r * sinOfWord(w)), r64 * sinOfWord64(w)],
    ] as const) {
      worst = Math.max(worst, Math.abs(z - want) / (4 * ulp(want) + 1e-7 * r64));
    }
  }
  console.log(`normals: ${worst.toFixed(3)} of the budget`);
  expect(worst).toBeLessThan(1);
});
