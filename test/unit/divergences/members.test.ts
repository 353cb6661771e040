import { describe, expect, it } from "vitest";
import { categorical } from "../../../src/distributions/families/categorical.ts";
import { chiSquared } from "../../../src/distributions/families/chi-squared.ts";
import { gamma } from "../../../src/distributions/families/gamma.ts";
import { geometric } from "../../../src/distributions/families/geometric.ts";
import { gumbel } from "../../../src/distributions/families/gumbel.ts";
import { halfNormal } from "../../../src/distributions/families/half-normal.ts";
import { independent } from "../../../src/distributions/families/independent.ts";
import { normal } from "../../../src/distributions/families/normal.ts";
import { tanhNormal } from "../../../src/distributions/families/tanh-normal.ts";
import {
  hellinger,
  jensenShannon,
  renyiDivergence,
  totalVariation,
} from "../../../src/divergences/bounded/f-divergences.ts";
import { klDivergence } from "../../../src/divergences/kl-divergence.ts";
import { GEOMETRIC, MEMBERS } from "../../golden/divergences/members.ts";
import { made } from "../../support/distributions/families.ts";

const INFINITE = Number.POSITIVE_INFINITY;

describe("special members of more general families", () => {
  it.each(MEMBERS)("%j and %j: KL and Rényi's divergence are the quadrature's", (first, second, nats, renyi) => {
    const [p, q] = [made(first), made(second)];
    // Entropies and means of up to some ten units, each of which a few roundings of 1.1e-16 were made in, are subtracted.
    expect(Math.abs(klDivergence(p, q) - nats) / Math.max(1, nats)).toBeLessThan(2e-14);
    // What renyiDivergence promises of integrals.
    expect(Math.abs(Math.exp(-0.7 * renyiDivergence(p, q, 0.3)) - Math.exp(-0.7 * renyi))).toBeLessThan(1e-10);
  });

  it("chi-squared is gamma to the bit, on either side and within products", () => {
    const [p, asGamma, q] = [chiSquared(3), gamma(1.5, 0.5), gamma(2, 0.75)];
    expect(klDivergence(p, q)).toBe(klDivergence(asGamma, q));
    expect(klDivergence(q, p)).toBe(klDivergence(q, asGamma));
    expect(renyiDivergence(p, q, 1.25)).toBe(renyiDivergence(asGamma, q, 1.25));
    expect(hellinger(p, q)).toBe(hellinger(asGamma, q));
    expect(klDivergence(p, asGamma)).toBe(0);
    const [pair, others] = [independent([p, p]), independent([q, q])];
    expect(klDivergence(pair, others)).toBe(2 * klDivergence(p, q));
  });

  it("half-normals have the divergences of centred normals, near-equal ones to their last digits", () => {
    const [s, t] = [1, 1 + 2 ** -20];
    expect(klDivergence(halfNormal(s), halfNormal(t))).toBe(klDivergence(normal(0, s), normal(0, t)));
    expect(renyiDivergence(halfNormal(2), halfNormal(1.5), 2)).toBe(renyiDivergence(normal(0, 2), normal(0, 1.5), 2));
    expect(renyiDivergence(halfNormal(1.5), halfNormal(1), 2)).toBe(INFINITE);
    expect(hellinger(halfNormal(2), halfNormal(1))).toBe(hellinger(normal(0, 2), normal(0, 1)));
  });

  it("are infinite where a support or a tail is not covered", () => {
    expect(klDivergence(normal(0, 1), halfNormal(1))).toBe(INFINITE);
    expect(renyiDivergence(gamma(2, 1), halfNormal(1), 1.5)).toBe(INFINITE);
    expect(renyiDivergence(chiSquared(3), gamma(2, 2), 2)).toBe(INFINITE);
  });
});

it("squashed normals have the divergences of the normals, however near to an end they lie", () => {
  for (const mean of [0, 3, -40, 1e5]) {
    const [p, q] = [tanhNormal(mean, 0.5), tanhNormal(mean + 0.25, 1)];
    const [own, other] = [normal(mean, 0.5), normal(mean + 0.25, 1)];
    for (const of of [klDivergence, hellinger, totalVariation, jensenShannon]) expect(of(p, q)).toBe(of(own, other));
    expect(renyiDivergence(p, q, 2)).toBe(renyiDivergence(own, other, 2));
  }
  expect(klDivergence(normal(0, 1), tanhNormal(0, 1))).toBe(INFINITE);
});

it("half-normals have divergences from Gumbels of any scale", () => {
  const p = halfNormal(1e10);
  // The mean of X / scale, beside which the rest is nothing.
  expect(klDivergence(p, gumbel(0, 1e-20)) / (1e30 * Math.sqrt(2 / Math.PI))).toBeCloseTo(1, 14);
  expect(klDivergence(p, gumbel(0, 1e10))).toBeLessThan(1);
});

describe("geometric distributions", () => {
  it.each(GEOMETRIC)("of %d and %d are the sum's", (first, second, nats, renyi, renyi2) => {
    const [p, q] = [geometric(first), geometric(second)];
    // Terms of one sign but for a factor of about 10, also where the two are nearly equal.
    expect(Math.abs(klDivergence(p, q) / nats - 1)).toBeLessThan(2e-14);
    expect(Math.abs(renyiDivergence(p, q, 0.3) / renyi - 1)).toBeLessThan(2e-14);
    if (renyi2 === INFINITE) expect(renyiDivergence(p, q, 2)).toBe(INFINITE);
    else expect(Math.abs(renyiDivergence(p, q, 2) / renyi2 - 1)).toBeLessThan(2e-14);
  });

  it("of probability 1 are the point 0", () => {
    const [point, q] = [geometric(1), geometric(0.25)];
    expect(klDivergence(point, q)).toBeCloseTo(Math.log(4), 15);
    expect(klDivergence(q, point)).toBe(INFINITE);
    expect(klDivergence(point, geometric(1))).toBe(0);
    expect(renyiDivergence(point, q, 0.5)).toBeCloseTo(Math.log(4), 15);
    expect(renyiDivergence(q, point, 0.5)).toBeCloseTo(Math.log(4), 15);
    expect(renyiDivergence(q, point, 2)).toBe(INFINITE);
  });
});

describe("categoricals of different numbers of classes", () => {
  const [two, three] = [categorical([0.5, 0.5]), categorical([0.25, 0.25, 0.5])];

  it("count a class that one of them lacks as one that it never gives", () => {
    expect(klDivergence(two, three)).toBeCloseTo(Math.LN2, 15);
    expect(klDivergence(three, two)).toBe(INFINITE);
    expect(klDivergence(categorical([0.5, 0.5, 0]), two)).toBe(0);
    expect(totalVariation(two, three)).toBeCloseTo(0.5, 15);
    expect(hellinger(two, three) ** 2).toBeCloseTo(1 - Math.sqrt(0.5), 15);
    expect(renyiDivergence(three, two, 2)).toBe(INFINITE);
    expect(renyiDivergence(two, three, 2)).toBeCloseTo(Math.LN2, 15);
    const [a, b] = [0.5, 0.25].map((x) => x * Math.log(x / 0.375)) as [number, number];
    expect(jensenShannon(two, three)).toBeCloseTo(a + b + 0.25 * Math.LN2, 15);
    expect(jensenShannon(three, two)).toBeCloseTo(a + b + 0.25 * Math.LN2, 15);
  });
});
