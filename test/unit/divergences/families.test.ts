import { describe, expect, it } from "vitest";
import { UnsupportedError } from "../../../src/core/errors.ts";
import { renyiDivergence } from "../../../src/divergences/bounded/f-divergences.ts";
import { klDivergence } from "../../../src/divergences/kl-divergence.ts";
import { divergencesOfFamilies } from "../../golden/distributions/families.ts";
import { made } from "../../golden/distributions/functions.ts";

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
});
