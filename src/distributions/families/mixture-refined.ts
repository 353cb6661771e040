import { call, type Expr, number, parameter, variable } from "../../expression/expr.ts";
import { add, mul, select, sub } from "../../expression/simplify.ts";
import { picked } from "../choose.ts";
import type { Distribution } from "../distribution.ts";
import { abs, log } from "../formulas.ts";
import { prefixedFormula, prefixedRefined } from "../parts.ts";
import { above0, below1, type Clamped, FAR, isCoarse, type Refined, type Shifted, spacingAt } from "../refined.ts";

/** A component of a mixture: its weight, and what its parameters' names start with. */
interface RefinedComponent {
  readonly weight: number;
  readonly component: Distribution;
  readonly prefix: string;
}

/** What the mixture's coordinate has beyond f32, and the values of the parameters that this names. */
export interface RefinedChoice {
  readonly refined: Refined;
  readonly parameters: Readonly<Record<string, number>>;
}

/**
 * Of the chosen component's coordinate `i` what f32 does not hold; nothing where f32 is fine for all of them.
 *
 * @param places - where each component's variates stand among the mixture's
 * @param bits - of the component that is chosen
 */
export function refinedOfChoice(
  parts: readonly RefinedComponent[],
  places: readonly (readonly number[])[],
  bits: readonly Expr[],
  i: number,
): RefinedChoice | undefined {
  const known = parts.map(({ component }) => component.model.refined?.[i]);
  if (known.every((one) => one === undefined)) return undefined;
  const parameters: Record<string, number> = {};
  const own = parts.map(({ component, prefix }, k) => {
    const at = (index: number) => variable(places[k]?.[index] ?? 0);
    const value = prefixedFormula(component.model.event[i] ?? number(0), prefix, at);
    return { value, ...prefixedRefined(known[k] ?? {}, prefix, at) };
  });
  const chosen = (kind: Kind, plain: (value: Expr, k: number) => Expr): Partial<Record<Kind, Shifted>> => {
    if (own.every((one) => one[kind] === undefined)) return {};
    const sums = own.map((one, k): Shifted => one[kind] ?? { origin: 0, scale: 1, unit: plain(one.value, k) });
    const named = (name: string, k: number, value: number) => {
      const full = `${parts[k]?.prefix}${kind}${i}_${name}`;
      parameters[full] = value;
      return parameter(full);
    };
    return { [kind]: joined(sums, bits, named) };
  };
  const within = (low: number, high: number) =>
    parts.map(({ component }) => {
      const own = component.support[i];
      return own !== undefined && own.low >= low && own.high <= high;
    });
  // Of components that reach beyond the logarithms' domain they are NaN there, as they should be.
  const [positive, below, above] = [
    within(0, Number.POSITIVE_INFINITY),
    within(Number.NEGATIVE_INFINITY, 1),
    within(-1, Number.POSITIVE_INFINITY),
  ];
  const logs = {
    ...chosen("log", (value, k) => log(positive[k] ? above0(value) : value)),
    ...chosen("logOther", (value, k) => log(below[k] ? below1(value) : sub(number(1), value))),
    ...chosen("log1p", (value) => call("log1p", value)),
  };
  const partial =
    (logs.log && positive.includes(false)) ||
    (logs.logOther && below.includes(false)) ||
    (logs.log1p && above.includes(false));
  const apart = coarsenessOfFar(own.map(({ shifted }) => shifted));
  const coarseness = Math.max(...known.map((one) => one?.coarseness ?? 0));
  const clamped = parts.flatMap(({ weight }, k): readonly Clamped[] =>
    (known[k]?.clamped ?? []).map((one) => ({ ...one, probability: weight * one.probability })),
  );
  const refined: Refined = {
    ...(apart > 0 ? {} : chosen("shifted", (value) => value)),
    ...logs,
    ...(partial ? { partial: true } : {}),
    ...(clamped.length > 0 ? { clamped } : {}),
    ...(coarseness > 0 || apart > 0 ? { coarseness: Math.max(coarseness, apart) } : {}),
  };
  return { refined, parameters };
}

type Kind = "shifted" | "log" | "logOther" | "log1p";

/**
 * How coarse samples are where the components' locations are so far from one another that one origin does not serve them all; 0 where it
 * does.
 */
function coarsenessOfFar(sums: readonly (Shifted | undefined)[]): number {
  const known = sums.flatMap((sum) => (sum ? [{ ...sum, spread: sum.spread ?? Math.abs(sum.scale) }] : []));
  const origin = sums.at(-1)?.origin ?? 0;
  // A plain component keeps the f32 numbers around its own location, which another's origin would round.
  const far =
    known.some((sum) => isCoarse(sum.origin - origin, sum.spread)) || (known.length < sums.length && origin !== 0);
  return far ? Math.max(...known.map((sum) => spacingAt(sum.origin) / sum.spread)) : 0;
}

/** The chosen one of several sums, about the origin of the last, which has the most weight. */
function joined(
  sums: readonly Shifted[],
  bits: readonly Expr[],
  named: (name: string, k: number, value: number) => Expr,
): Shifted {
  const origin = sums.at(-1)?.origin ?? 0;
  const offsets = sums.map((sum, k) => {
    const scaled = sum.scale === 1 ? sum.unit : mul(named("scale", k, sum.scale), sum.unit);
    const shift = sum.origin - origin;
    if (shift === 0) return scaled;
    const whole = Math.fround(shift);
    return add(named("shift", k, whole), add(named("shiftRest", k, shift - whole), scaled));
  });
  const sizes = sums.map(({ logSize, scale }, k) => {
    const near = log(abs(offsets[k] ?? number(0)));
    // Next to what f32 cannot hold no origin counts.
    const far = logSize && add(logSize, named("logScale", k, Math.log(Math.abs(scale))));
    return logSize && far ? select(call("gt", logSize, number(FAR)), far, near) : near;
  });
  return {
    origin,
    scale: 1,
    unit: picked(bits, offsets),
    spread: Math.min(...sums.map(({ scale, spread = Math.abs(scale) }) => spread)),
    ...(sums.some(({ logSize }) => logSize) ? { logSize: picked(bits, sizes) } : {}),
  };
}
