import type { Distribution, Support } from "./distribution.ts";
import { isSameSum } from "./inside.ts";
import { blocksOf, sizeOf } from "./parts.ts";

/**
 * Whether q has density wherever p has, so that samples of q can stand for p's: value by value where p has finitely many, else
 * block by block where both are independent ones, else coordinate by coordinate. False where one has densities and the other
 * probabilities.
 */
export function covers(q: Distribution, p: Distribution): boolean {
  if (q.shape.join() !== p.shape.join()) return false;
  if (!p.support.every((own, k) => sameKind(own, q.support[k]))) return false;
  if (p.parts) return p.parts.every((part) => covers(q, part));
  if (p.atoms && q.atoms) return p.atoms.every(({ value }) => q.logProb(value) > Number.NEGATIVE_INFINITY);
  const [own, others] = [blocksOf(p), blocksOf(q)];
  if (own && others && own.map(sizeOf).join() === others.map(sizeOf).join()) {
    return own.every((block, k) => covers(others[k] as Distribution, block));
  }
  return holds(q, p.support);
}

function sameKind(a: Support, b: Support | undefined): boolean {
  if (a.kind !== "shares" || b?.kind !== "shares") return a.kind === b?.kind;
  return a.count === b.count && a.place === b.place;
}

/** Whether q has density all over a box: one part of a mixture does, or, of numbers, its parts together; every block has. */
function holds(q: Distribution, box: readonly Support[]): boolean {
  if (q.parts && q.shape.length === 0) return joined(linesOf(q)).some((line) => within(box[0], line));
  if (q.parts) return q.parts.some((part) => holds(part, box));
  const blocks = blocksOf(q);
  if (blocks) {
    let end = 0;
    return blocks.every((block) => {
      const start = end;
      end += sizeOf(block);
      return holds(block, box.slice(start, end));
    });
  }
  return q.support.every((own, k) => within(box[k], own));
}

/** The intervals of a distribution of numbers and of all that it mixes. */
function linesOf({ parts, support }: Distribution): readonly Support[] {
  return parts ? parts.flatMap(linesOf) : support;
}

/** Intervals that overlap or touch as one. */
function joined(supports: readonly Support[]): readonly Support[] {
  const made: Support[] = [];
  for (const own of supports.toSorted((a, b) => a.low - b.low)) {
    const last = made.at(-1);
    if (last && last.kind !== "shares" && own.low <= last.high)
      made.push({ ...last, high: Math.max(own.high, made.pop()?.high ?? own.high) });
    else made.push(own);
  }
  return made;
}

function within(narrow: Support | undefined, wide: Support): boolean {
  return narrow !== undefined && wide.low <= narrow.low && wide.high >= narrow.high && addUpAlike(narrow, wide);
}

/** Whether the wider one asks for no sum that the narrower one does not have. */
function addUpAlike(narrow: Support, wide: Support): boolean {
  const [own, asked] = [narrow, wide].map((one) => (one.kind === "integers" ? one.sum : undefined));
  return !asked || isSameSum(own, asked);
}
