import type { VonMises } from "../../distributions/families/von-mises.ts";
import { besselGap, meanCosine } from "../closed/bessel-gap.ts";
import { type RenyiRule, type Rule, renyiRule, rule } from "./rule.ts";

export const kl: readonly Rule[] = [
  rule<VonMises, VonMises>("vonMises", "vonMises", (p, q) => {
    const own = p.concentration;
    const turned = 2 * halfTurn(p.location, q.location).sine ** 2;
    return besselGap(q.concentration, own) + q.concentration * meanCosine(own) * turned;
  }),
];

export const renyi: readonly RenyiRule[] = [
  renyiRule<VonMises>("vonMises", (p, q, alpha) => {
    // p^α q^(1 - α) is a von Mises density but for a factor; its concentration is the length of the weighted sum.
    const [a, b] = [alpha * p.concentration, (1 - alpha) * q.concentration];
    const { sine, cosine } = halfTurn(p.location, q.location);
    const straight = Math.abs(a + b);
    const joint = Math.hypot((a + b) * cosine, (a - b) * sine);
    // a + b - joint, as far as the directions differ
    const turned = joint === 0 ? straight : (4 * a * b * sine ** 2) / (straight + joint);
    const shortened = turned + (a + b - straight);
    const apart = p.concentration - q.concentration;
    const gapOf = (concentration: number, straightBy: number) => {
      const isAhead = a + b > 0;
      return besselGap(concentration, joint, isAhead ? straightBy + turned : concentration - joint);
    };
    const own = alpha * gapOf(p.concentration, (1 - alpha) * apart);
    const gaps = own + (1 - alpha) * gapOf(q.concentration, -alpha * apart);
    // Tangents at the joint concentration, of which the slopes' parts cancel but for what is shortened.
    return (gaps + meanCosine(joint) * shortened) / (1 - alpha);
  }),
];

/** Sine and cosine of half the difference of two angles, of any size: what the difference loses to rounding is added to the angle. */
export function halfTurn(a: number, b: number): { readonly sine: number; readonly cosine: number } {
  const difference = a - b;
  // D. Knuth's exact rounding error of a sum.
  const back = difference - a;
  const lost = (a - (difference - back) - (b + back)) / 2;
  const [sine, cosine] = [Math.sin(difference / 2), Math.cos(difference / 2)];
  return {
    sine: sine * Math.cos(lost) + cosine * Math.sin(lost),
    cosine: cosine * Math.cos(lost) - sine * Math.sin(lost),
  };
}
