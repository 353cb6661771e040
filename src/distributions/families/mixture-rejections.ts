import { call, type Expr, number } from "../../expression/expr.ts";
import { isNumber } from "../../expression/simplify.ts";
import { picked } from "../choose.ts";
import type { Rejection } from "../distribution.ts";

/** Variates that are drawn again together, and which component wants what of them. */
interface Joined {
  readonly variates: ReadonlySet<number>;
  readonly conditions: readonly { readonly part: number; readonly accept: Expr }[];
}

/**
 * The conditions of the component that `bits` say, of each component's own over variates that they share. Groups that have some in
 * common are joined: all that one of them would draw again is drawn again, until the chosen component's own conditions hold.
 * That these do not look at all of it does not matter. Groups with nothing in common stay apart: conditions that must hold
 * at once would rarely do.
 */
export function rejectionsOfChoice(
  groups: readonly (readonly Rejection[])[],
  bits: readonly Expr[],
): readonly Rejection[] {
  let joined: readonly Joined[] = [];
  groups.forEach((own, part) => {
    for (const { variates, accept } of own) {
      const common = joined.filter((group) => variates.some((variate) => group.variates.has(variate)));
      const one = common.reduce(union, { variates: new Set(variates), conditions: [{ part, accept }] });
      joined = [...joined.filter((group) => !common.includes(group)), one];
    }
  });
  return joined.map(({ variates, conditions }) => {
    const accepts = groups.map((_, k) => all(conditions.filter(({ part }) => part === k).map(({ accept }) => accept)));
    return { variates: [...variates], accept: picked(bits, accepts) };
  });
}

function union(a: Joined, b: Joined): Joined {
  return { variates: new Set([...a.variates, ...b.variates]), conditions: [...a.conditions, ...b.conditions] };
}

function all(conditions: readonly Expr[]): Expr {
  return conditions.reduce((both, one) => (isNumber(both, 1) ? one : call("and", both, one)), number(1));
}
