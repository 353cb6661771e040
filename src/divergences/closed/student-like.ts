import type { StudentT } from "../../distributions/families/student-t.ts";
import { type Rule, rule } from "../bounded/rule.ts";
import { lgammaGap } from "../bregman.ts";
import { ofCauchys } from "./location-scale.ts";

export const kl: readonly Rule[] = [
  // Of one location, and of scales in the ratio of the roots of the degrees, else only E log q lacks a closed form: an exponential
  // family, T² / (ν + T²) being a beta variable.
  rule<StudentT, StudentT>("studentT", "studentT", (p, q) => {
    if (p.degrees === 1 && q.degrees === 1) return ofCauchys(p, q);
    if (!isMatched(p.scale ** 2 * p.degrees, q.scale ** 2 * q.degrees) || p.location !== q.location) return undefined;
    const half = (q.degrees - p.degrees) / 2;
    const gap = (added: number) => lgammaGap((p.degrees + added) / 2, (q.degrees + added) / 2, half);
    return gap(0) - gap(1);
  }),
];

/** Whether two squares are equal but for the roundings of their factors. */
function isMatched(a: number, b: number): boolean {
  return Math.abs(a - b) <= 8 * Number.EPSILON * a;
}
