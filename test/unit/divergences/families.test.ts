import { describe, expect, it } from "vitest";
import { UnsupportedError } from "../../../src/core/errors.ts";
import {
  binomial,
  mixture,
  negativeBinomial,
  poisson,
  type ScalarDistribution,
} from "../../../src/distributions/index.ts";
import { logSumExp } from "../../../src/distributions/special/tails.ts";
import { renyiDivergence } from "../../../src/divergences/bounded/f-divergences.ts";
import { klDivergence } from "../../../src/divergences/kl-divergence.ts";
import { divergencesOfFamilies } from "../../golden/distributions/families.ts";
import { made } from "../../golden/distributions/functions.ts";
import { numberFamilies, title } from "../../support/distributions/families.ts";
import { Random, seedOf } from "../../support/distributions/random.ts";

describe("pairs of the families' own golden files", () => {
  it("have the quadrature's KL, or say that it has no closed form", () => {
    for (const { p, q, nats, closed } of divergencesOfFamilies) {
      const kl = () => klDivergence(made(p), made(q));
      if (!closed) {
        expect(kl, `${p} ${q}`).toThrow(UnsupportedError);
        expect(kl, `${p} ${q}`).toThrow("klEstimate");
      } else if (nats === Number.POSITIVE_INFINITY) expect(kl(), `${p} ${q}`).toBe(nats);
      // Entropies and means of up to some ten units, each of which a few roundings of 1.1e-16 were made in, are subtracted.
      else expect(Math.abs(kl() - nats) / Math.max(1, nats), `${p} ${q}`).toBeLessThan(2e-14);
    }
  });

  it("have the quadrature's Rényi divergence", () => {
    // What renyiDivergence promises of integrals.
    const affinity = (nats: number) => Math.exp(-0.7 * nats);
    for (const { p, q, renyi } of divergencesOfFamilies) {
      const got = renyiDivergence(made(p), made(q), 0.3);
      expect(Math.abs(affinity(got) - affinity(renyi)), `${p} ${q}`).toBeLessThan(1e-10);
    }
  });

  it("have Rényi's of an order above 1 though what counts is where neither has a chance", () => {
    const [p, q] = [mixture([0.5, 0.5], [negativeBinomial(0.5, 0.3), poisson(1)]), negativeBinomial(0.25, 0.35)];
    // Terms fall by 0.7^4 0.65^-3, 0.874, so that 2^10 of them are all.
    const logs = Array.from({ length: 2 ** 10 }, (_, k) => 4 * p.logProb(k) - 3 * q.logProb(k));
    const want = logs.reduce((sum, log) => sum + Math.exp(log), 0);
    expect(Math.abs(Math.exp(3 * renyiDivergence(p, q, 4)) / want - 1)).toBeLessThan(1e-10);
  });
});

describe("Rényi's divergence of whole numbers", () => {
  const ORDERS = [0.02, 0.3, 0.9, 1.5, 4];
  const FAMILIES = ["negativeBinomial", "poisson", "binomial", "geometric"];
  const random = new Random(seedOf("sums"), { decades: 2 });
  const families = numberFamilies.filter(({ name }) => FAMILIES.includes(name));
  const members = Array.from({ length: 240 }, (_, k) => families[k % 4]?.draw(random) as ScalarDistribution);

  it("is the sum over all of them, also where probabilities are below f64's range", () => {
    let checked = 0;
    members.forEach((p, k) => {
      const q = members[(k * 7 + 3) % members.length] as ScalarDistribution;
      for (const alpha of ORDERS) {
        const log = logSumOf(p, q, alpha);
        if (log === undefined) continue;
        checked++;
        const got = renyiDivergence(p, q, alpha);
        const want = log / (alpha - 1);
        expect(Math.abs(got - want), `${title(p)} ${title(q)} ${alpha}`).toBeLessThan(1e-9 * (1 + want));
      }
    });
    expect(checked).toBeGreaterThan(members.length);
  });

  it("of order Infinity, and of order 0, has values below f64's range, too", () => {
    const [p, q] = [binomial(2_000, 0.9), poisson(1e5)];
    expect(renyiDivergence(p, q, Infinity)).toBeCloseTo(1e5 + 2_000 * Math.log(0.1), 8);
    const small = binomial(1, 0.5);
    expect(renyiDivergence(small, p, 0)).toBeCloseTo(-1_999 * Math.log(0.1) - Math.log(0.1 + 2_000 * 0.9), 8);
  });
});

/** log Σ p^α q^(1 - α), term by term; undefined where so many have not fallen, or go up in the end, for ever. */
function logSumOf(p: ScalarDistribution, q: ScalarDistribution, alpha: number): number | undefined {
  if ([p, q].some(({ mean, standardDeviation }) => mean + 40 * standardDeviation > 5_000)) return undefined;
  const high = Math.min(5_000, p.support[0]?.high ?? 0, q.support[0]?.high ?? 0);
  if ((p.support[0]?.high ?? 0) > (q.support[0]?.high ?? 0) && alpha > 1) return undefined;
  const logs = Array.from({ length: high + 1 }, (_, k) => alpha * p.logProb(k) + (1 - alpha) * q.logProb(k));
  const sum = logSumExp(logs);
  const isWhole = high < 5_000 || (logs[high] as number) < sum - 45;
  const rises = high === 5_000 && alpha > 1 && !((logs[high] as number) < (logs[high - 1] as number));
  return isWhole && !rises && Number.isFinite(sum) ? sum : undefined;
}
