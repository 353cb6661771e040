import { expect, it } from "vitest";
import { binomial } from "../../../src/distributions/index.ts";
import { multinomialEntropy } from "../../../src/distributions/special/multinomial-entropy.ts";
import { exhaustive } from "../../support/exhaustive.ts";

const shares = (list: readonly number[]) =>
  list.map((p, k) => ({ p, rest: list.reduce((sum, other, j) => (j === k ? sum : sum + other), 0) }));

it.each([
  [1, 0.5],
  [2, 0.25],
  [10, 1e-9],
  [100, 0.99],
  [5_000, 1e-4],
  [30_000, 0.375],
  [39_999, 0.5],
  [40_001, 0.5],
  [1e6, 1e-6],
  [1e9, 1e-5 + 1e-8],
  [2 ** 50, 0.25],
])("of two classes it is a binomial's: %d trials at %d", (n, p) => {
  expect(multinomialEntropy(n, shares([p, 1 - p])) / binomial(n, p).entropy() - 1).toBeCloseTo(0, 12);
});

it("is that of the first count, and of the others given it", () => {
  for (const n of exhaustive ? [1, 2, 7, 40, 300] : [1, 7, 40]) {
    const [a, b, c] = [0.125, 0.5, 0.375] as const;
    const first = binomial(n, a);
    let wanted = first.entropy();
    for (let k = 0; k <= n; k++) wanted += Math.exp(first.logProb(k)) * binomial(n - k, b / (b + c)).entropy();
    expect(multinomialEntropy(n, shares([a, b, c])) / wanted - 1).toBeCloseTo(0, 13);
  }
});

it("of one class, or of nothing, is 0", () => {
  expect([multinomialEntropy(5, shares([1])), multinomialEntropy(0, shares([0.5, 0.5]))]).toEqual([0, 0]);
});
