import { expect, it } from "vitest";
import { UnsupportedError } from "../../../src/core/errors.ts";
import {
  hellinger,
  jensenShannon,
  renyiDivergence,
  totalVariation,
} from "../../../src/divergences/bounded/f-divergences.ts";
import { klDivergence } from "../../../src/divergences/kl-divergence.ts";
import { randomSource } from "../../support/data.ts";
import { type Family, made, shown } from "../../support/distributions/families.ts";
import { exhaustive } from "../../support/exhaustive.ts";

const FAMILIES = {
  normal: "lp",
  laplace: "lp",
  logistic: "lp",
  gumbel: "lp",
  cauchy: "lp",
  studentT: "plp",
  uniform: "lw",
  exponential: "p",
  gamma: "pp",
  weibull: "pp",
  logNormal: "lp",
  pareto: "pp",
  beta: "pp",
  vonMises: "lp",
  poisson: "p",
  bernoulli: "u",
} as const;

const PAIRS = exhaustive ? 4_000 : 1_000;

/** A member of a family: l a location, p a positive number, w an upper end, u a probability, over many orders of magnitude. */
function drawn(draw: () => number, decades: number): Family {
  const names = Object.keys(FAMILIES) as (keyof typeof FAMILIES)[];
  const name = names[Math.floor(draw() * names.length)] ?? "normal";
  const positive = () => 10 ** (decades * (2 * draw() - 1));
  const parameters: number[] = [];
  for (const kind of FAMILIES[name]) {
    if (kind === "p") parameters.push(positive());
    if (kind === "l") parameters.push((draw() < 0.5 ? -1 : 1) * positive());
    if (kind === "u") parameters.push(draw());
    if (kind === "w") parameters.push((parameters[0] ?? 0) + Math.max(positive(), Math.abs(parameters[0] ?? 0) * 1e-6));
  }
  return [name, ...parameters];
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
    const draw = randomSource(41 + decades);
    let finite = 0;
    for (let k = 0; k < PAIRS; k++) {
      const [a, b] = [drawn(draw, decades), drawn(draw, decades)];
      const [p, q] = [made(a), made(b)];
      const value = tried(() => klDivergence(p, q));
      if (value === undefined) continue;
      expect(value, `${shown(a)} ${shown(b)}`).toBeGreaterThanOrEqual(0);
      if (value === Number.POSITIVE_INFINITY) continue;
      finite++;
      if (a[0] !== b[0] || ["logistic", "cauchy", "studentT", "laplace", "uniform", "bernoulli"].includes(a[0]))
        continue;
      if (["gumbel", "weibull", "pareto"].includes(a[0])) continue;
      // Hellinger's distance, of any two, is at most 1 and bounded by both: 2 H² <= KL. Rényi's grow with the order.
      const [h, half, most] = [hellinger(p, q), renyiDivergence(p, q, 0.5), renyiDivergence(p, q, 2)];
      expect(h).toBeLessThanOrEqual(1);
      const slack = 1e-9 * (1 + value);
      expect(2 * h * h, `${shown(a)} ${shown(b)}`).toBeLessThanOrEqual(value + slack);
      expect(half, `${shown(a)} ${shown(b)}`).toBeLessThanOrEqual(value + slack);
      expect(most, `${shown(a)} ${shown(b)}`).toBeGreaterThanOrEqual(value - slack);
    }
    expect(finite).toBeGreaterThan(PAIRS * 0.075);
  },
  30_000,
);

it.each([1, 4])(
  "integrals stay within their bounds, and in order, with parameters over %i decades",
  (decades) => {
    const draw = randomSource(5 + decades);
    let checked = 0;
    for (let k = 0; k < 16; k++) {
      const [a, b] = [drawn(draw, decades), drawn(draw, decades)];
      const [p, q] = [made(a), made(b)];
      const of = (f: () => number) => tried(f) ?? Number.POSITIVE_INFINITY;
      const [tv, h, js] = [totalVariation, hellinger, jensenShannon].map((f) => tried(() => f(p, q)));
      const [half, most] = [0.5, 2].map((alpha) => of(() => renyiDivergence(p, q, alpha)));
      const name = `${shown(a)} ${shown(b)}`;
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
