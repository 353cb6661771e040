import { describe, expect, it } from "vitest";
import { renyiDivergence } from "../../../src/divergences/bounded/f-divergences.ts";
import { klDivergence } from "../../../src/divergences/kl-divergence.ts";
import { ORDERS, PAIRS } from "../../golden/divergences/extremes.ts";
import { type Family, made, shown } from "../../support/distributions/families.ts";

// What is compared has 13 digits; the promise is 1e-9.
const TOLERANCE = 1e-9;

/** The error in units of the value, or nothing where both are the same, 0 and Infinity among them. */
function errorOf(got: number, want: number): number {
  return got === want ? 0 : Math.abs(got - want) / Math.abs(want);
}

/** The pairs that are off by more than the tolerance, in words. */
function missed(pairs: readonly (readonly [Family, Family, got: () => number, want: number])[]): readonly string[] {
  return pairs.flatMap(([p, q, got, want]) => {
    const value = got();
    return errorOf(value, want) <= TOLERANCE ? [] : [`${shown(p)} ${shown(q)}: ${value}, not ${want}`];
  });
}

describe("parameters from 1e-10 to 1e10", () => {
  it("klDivergence has nine digits of any pair with a closed form, alike or not", () => {
    expect(PAIRS.length).toBeGreaterThan(2_000);
    const pairs = PAIRS.map(([p, q, want = Number.NaN]) => [p, q, () => klDivergence(made(p), made(q)), want] as const);
    expect(missed(pairs)).toEqual([]);
  });

  it.each(ORDERS.map((alpha, k) => [alpha, k] as const))("renyiDivergence of order %d has them too", (alpha, k) => {
    const pairs = PAIRS.flatMap(([p, q, , ...nats]) => {
      const want = nats[k];
      return want === undefined ? [] : [[p, q, () => renyiDivergence(made(p), made(q), alpha), want] as const];
    });
    expect(pairs.length).toBeGreaterThan(500);
    expect(missed(pairs)).toEqual([]);
  });
});
