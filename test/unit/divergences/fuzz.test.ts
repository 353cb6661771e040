import { expect, it } from "vitest";
import { UnsupportedError } from "../../../src/core/errors.ts";
import {
  hellinger,
  jensenShannon,
  renyiDivergence,
  totalVariation,
} from "../../../src/divergences/bounded/f-divergences.ts";
import { asGeneral } from "../../../src/divergences/general.ts";
import { klDivergence } from "../../../src/divergences/kl-divergence.ts";
import type { ScalarDistribution } from "../../../src/index.ts";
import { numberFamilies } from "../../support/distributions/families.ts";
import { Random, seedOf } from "../../support/distributions/random.ts";
import { exhaustive } from "../../support/exhaustive.ts";

const PAIRS = exhaustive ? 4_000 : 1_000;

/** Integrals over mixtures take seconds each. */
const plain = numberFamilies.filter(({ name }) => name !== "mixture");

/**
 * The k-th member of a family of numbers, over many orders of magnitude: of the family that draws the largest lot, so that one more family changes
 * only the members that it wins.
 */
function drawn(k: number, decades: number, families = numberFamilies): ScalarDistribution {
  const lots = families.map(({ name, draw }) => {
    const random = new Random(seedOf(`${k} ${name}`), { decades });
    return { lot: random.uniform(), random, draw };
  });
  const { draw, random } = lots.reduce((best, one) => (one.lot > best.lot ? one : best));
  return draw(random);
}

function shown(of: ScalarDistribution): string {
  return JSON.stringify(of, (key, value) => (key === "shape" || key === "support" ? undefined : value));
}

function tried(f: () => number): number | undefined {
  try {
    return f();
  } catch (error) {
    expect(error).toBeInstanceOf(UnsupportedError);
    return undefined;
  }
}

it.each([1, 3, 8])(
  "closed forms are never negative and never NaN, with parameters over %i decades",
  (decades) => {
    let [finite, compared] = [0, 0];
    for (let k = 0; k < PAIRS; k++) {
      const [p, q] = [drawn(2 * k, decades), drawn(2 * k + 1, decades)];
      const value = tried(() => klDivergence(p, q));
      if (value === undefined) continue;
      expect(value, `${shown(p)} ${shown(q)}`).toBeGreaterThanOrEqual(0);
      if (value === Number.POSITIVE_INFINITY) continue;
      finite++;
      if (p.name !== q.name || asGeneral(p).known?.renyi === undefined) continue;
      // Hellinger's distance, of any two, is at most 1 and bounded by both: 2 H² <= KL. Rényi's grow with the order.
      const [h, half, most] = [
        () => hellinger(p, q),
        () => renyiDivergence(p, q, 0.5),
        () => renyiDivergence(p, q, 2),
      ].map(tried);
      if (h === undefined || half === undefined || most === undefined) continue;
      compared++;
      expect(h).toBeLessThanOrEqual(1);
      const slack = 1e-9 * (1 + value);
      expect(2 * h * h, `${shown(p)} ${shown(q)}`).toBeLessThanOrEqual(value + slack);
      expect(half, `${shown(p)} ${shown(q)}`).toBeLessThanOrEqual(value + slack);
      expect(most, `${shown(p)} ${shown(q)}`).toBeGreaterThanOrEqual(value - slack);
    }
    expect(finite).toBeGreaterThan(PAIRS * 0.075);
    expect(compared).toBeGreaterThan(PAIRS * 0.01);
  },
  30_000,
);

it.each([1, 4])(
  "integrals stay within their bounds, and in order, with parameters over %i decades",
  (decades) => {
    let checked = 0;
    for (let k = 0; k < 16; k++) {
      const [p, q] = [drawn(2 * k, decades, plain), drawn(2 * k + 1, decades, plain)];
      const of = (f: () => number) => tried(f) ?? Number.POSITIVE_INFINITY;
      const [tv, h, js] = [totalVariation, hellinger, jensenShannon].map((f) => tried(() => f(p, q)));
      const [half, most] = [0.5, 2].map((alpha) => of(() => renyiDivergence(p, q, alpha)));
      const name = `${shown(p)} ${shown(q)}`;
      if (tv === undefined || h === undefined || js === undefined) continue;
      checked++;
      // H² <= TV <= H √2, 0 <= JS <= log 2 TV, each within 1e-10, and H within the root of that.
      expect(tv, name).toBeGreaterThanOrEqual(h * h - 3e-10);
      expect(tv, name).toBeLessThanOrEqual(Math.SQRT2 * h + 3e-5);
      expect(js, name).toBeGreaterThanOrEqual(-1e-10);
      expect(js, name).toBeLessThanOrEqual(Math.LN2 * tv + 3e-10);
      expect(half, name).toBeLessThanOrEqual((most as number) + 1e-9);
    }
    expect(checked).toBeGreaterThan(12);
  },
  30_000,
);
