import { ofDirichlets } from "../../distributions/bregman/shares.ts";
import type { Beta } from "../../distributions/families/beta.ts";
import type { Uniform } from "../../distributions/families/uniform.ts";
import { type Rule, rule } from "../bounded/rule.ts";

export const kl: readonly Rule[] = [
  rule<Uniform, Beta>("uniform", "beta", (p, q) => (isUnit(p) ? ofDirichlets([1, 1], listOf(q)) : undefined)),
  rule<Beta, Uniform>("beta", "uniform", (p, q) => {
    // A wider interval only has less density.
    return ofDirichlets(listOf(p), [1, 1]) + Math.log(q.high - q.low);
  }),
];

function listOf({ concentration1, concentration0 }: Beta): readonly number[] {
  return [concentration1, concentration0];
}

function isUnit({ low, high }: Uniform): boolean {
  return low === 0 && high === 1;
}
