import { ratioGap } from "../distributions/bregman/generators.ts";
import type { Distribution } from "../distributions/distribution.ts";
import type { ScalarMixture } from "../distributions/families/mixture.ts";
import { areApart } from "../distributions/inside.ts";

/**
 * Of mixtures, component by component: the divergence of the joint distributions of component and value is at least that of the
 * values, so they are equal where it is 0, or where the value tells the component.
 */
export function ofMixtures(
  p: Distribution,
  q: Distribution,
  closed: (p: Distribution, q: Distribution) => number | undefined,
): number | undefined {
  const [own, others] = [listOf(p), listOf(q)];
  if (own.length !== others.length || own.length === 0) return undefined;
  let joint = 0;
  for (const [k, { weight, component }] of own.entries()) {
    const other = others[k];
    if (!other || (weight > 0 && other.weight === 0)) return undefined;
    const divergence = weight > 0 ? closed(component, other.component) : 0;
    if (divergence === undefined) return undefined;
    const change = other.weight - weight;
    joint += weight > 0 ? weight * (ratioGap(change / weight, Math.log(other.weight / weight)) + divergence) : change;
  }
  return joint === 0 || areAllApart([...own, ...others]) ? joint : undefined;
}

interface IndexedComponent {
  readonly index: number;
  readonly weight: number;
  readonly component: Distribution;
}

function listOf(distribution: Distribution): readonly IndexedComponent[] {
  if (distribution.name !== "mixture") return [];
  const { weights, components } = distribution as ScalarMixture;
  return components.map((component, index) => ({ index, component, weight: weights[index] ?? 0 }));
}

/** Whether components of different places never give the same value. */
function areAllApart(parts: readonly IndexedComponent[]): boolean {
  const drawn = parts.filter(({ weight }) => weight > 0);
  return drawn.every((a) =>
    drawn.every((b) => a.index === b.index || areApart(a.component.support, b.component.support)),
  );
}
