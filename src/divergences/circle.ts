import type { VonMises } from "../distributions/von-mises.ts";
import { besselGap, meanCosine } from "./bessel-gap.ts";
import { type RenyiRule, type Rule, renyiRule, rule } from "./rule.ts";

export const kl: readonly Rule[] = [
  rule<VonMises, VonMises>("vonMises", "vonMises", (p, q) => {
    const turned = 2 * Math.sin((p.location - q.location) / 2) ** 2;
    const own = p.concentration;
    return besselGap(q.concentration, own) + q.concentration * meanCosine(own) * turned;
  }),
];

export const renyi: readonly RenyiRule[] = [
  renyiRule<VonMises>("vonMises", (p, q, alpha) => {
    // p^α q^(1 - α) is a von Mises density but for a factor; its concentration is the length of the weighted sum.
    const [a, b] = [alpha * p.concentration, (1 - alpha) * q.concentration];
    const turn = 2 * Math.sin((p.location - q.location) / 2) ** 2;
    const straight = Math.abs(a + b);
    const joint = Math.sqrt(Math.max(0, straight * straight - 2 * a * b * turn));
    const gaps = alpha * besselGap(p.concentration, joint) + (1 - alpha) * besselGap(q.concentration, joint);
    // Tangents at the joint concentration, of a + b - joint where the directions differ.
    const shortened = joint === 0 ? a + b : (2 * a * b * turn) / (straight + joint) + (a + b - straight);
    return (gaps + meanCosine(joint) * shortened) / (1 - alpha);
  }),
];
