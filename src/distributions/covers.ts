import type { Distribution, Support } from "./distribution.ts";

/**
 * Whether q has density wherever p has, so that samples of q can stand for p's: value by value where p has finitely many, else
 * coordinate by coordinate. False where one has densities and the other probabilities.
 */
export function covers(q: Distribution, p: Distribution): boolean {
  if (q.shape.join() !== p.shape.join()) return false;
  if (!p.support.every((own, k) => own.kind === q.support[k]?.kind)) return false;
  const { parts } = p;
  if (parts) return parts.every((part) => covers(q, part));
  if (p.atoms && q.atoms) return p.atoms.every(({ value }) => q.logProb(value) > Number.NEGATIVE_INFINITY);
  return boxesOf(q).some((box) => p.support.every((own, k) => holds(box[k], own)));
}

// Boxes that the support is made of; intervals that overlap or touch are joined where there is one coordinate.
function boxesOf(q: Distribution): readonly (readonly Support[])[] {
  if (!q.parts) return [q.support];
  const boxes = q.parts.flatMap(boxesOf);
  return q.shape.length === 0 ? joined(boxes.flat()).map((own) => [own]) : boxes;
}

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

function holds(wide: Support | undefined, narrow: Support): boolean {
  return wide !== undefined && wide.low <= narrow.low && wide.high >= narrow.high;
}
