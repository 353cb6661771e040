import { crossed, logQuotient, ratioGap, ratiosGap, type Step, sharedGap, steady, steadyGap } from "./generators.ts";

/** A concentration of p and q's, and what the others of each are together. */
interface SplitConcentration {
  readonly a: number;
  readonly b: number;
  /** b - a */
  readonly d: number;
  readonly others: { readonly a: number; readonly b: number; readonly d: number };
}

/**
 * The gap of Σ log Γ(a) - log Γ(Σ a) between q's concentrations and its tangent at p's. What grows with the concentrations
 * themselves is the divergence of the mean probabilities.
 */
export function ofDirichlets(p: readonly number[], q: readonly number[]): number {
  const parts = partsOf(p, q);
  const [pSum, qSum] = [total(p), total(q)];
  const means = parts.map((part) => {
    const { a, b } = part;
    // a Σq / (b Σp) - 1
    const excess = -crossedOf(part) / b / pSum;
    return b * ratioGap(excess, logQuotient(a, b) + logQuotient(qSum, pSum));
  });
  return (
    total(means) +
    steadyGaps(
      parts.map(({ a, b, d, others }) => ({
        own: { from: a, to: b, by: d },
        rest: { from: others.a, to: others.b, by: others.d },
      })),
    )
  );
}

// The mean of log-normalisers above the log-normaliser of the mean: tangents at the mean cancel.
export function renyiOfDirichlets(p: readonly number[], q: readonly number[], alpha: number): number {
  const rest = 1 - alpha;
  const parts = partsOf(p, q);
  if (!parts.every(({ a, b }) => alpha * a + rest * b > 0)) return Number.POSITIVE_INFINITY;
  const [pSum, qSum] = [total(p), total(q)];
  const means = parts.map((part) => ratiosGap([part.a, pSum], [part.b, qSum], alpha, crossedOf(part)));
  const joint = ({ a, b }: { readonly a: number; readonly b: number }) => alpha * a + rest * b;
  const toP = parts.map((part) => ({
    own: { from: joint(part), to: part.a, by: -rest * part.d },
    rest: { from: joint(part.others), to: part.others.a, by: -rest * part.others.d },
  }));
  const toQ = parts.map((part) => ({
    own: { from: joint(part), to: part.b, by: alpha * part.d },
    rest: { from: joint(part.others), to: part.others.b, by: alpha * part.others.d },
  }));
  return (total(means) + alpha * steadyGaps(toP) + rest * steadyGaps(toQ)) / rest;
}

/** At the shares that the differences of the concentrations are of: p is then an even mean of them and q's, of twice the size. */
export function mostOfDirichlets(a: readonly number[], b: readonly number[]): number {
  const c = a.map((own, k) => own - (b[k] ?? Number.NaN));
  if (c.some((d) => d < 0)) return Number.POSITIVE_INFINITY;
  const [ofA, ofB, ofC] = [total(a), total(b), total(c)];
  const rest = (values: readonly number[]) => steady(total(values)) - total(values.map(steady));
  const shares = c.map((d, k) => {
    const other = b[k] ?? Number.NaN;
    return d === 0 ? other * logQuotient(ofA, ofB) : 2 * ratiosGap([other, ofB], [d, ofC], 0.5, d * ofB - other * ofC);
  });
  return total(shares) + rest(a) - rest(b);
}

function partsOf(p: readonly number[], q: readonly number[]): readonly SplitConcentration[] {
  const pairs = p.map((a, k) => ({ a, b: q[k] ?? Number.NaN }));
  return pairs.map(({ a, b }, k) => {
    const rest = pairs.filter((_, j) => j !== k);
    const others = {
      a: total(rest.map((pair) => pair.a)),
      b: total(rest.map((pair) => pair.b)),
      d: total(rest.map((pair) => pair.b - pair.a)),
    };
    return { a, b, d: b - a, others };
  });
}

/** b Σa - a Σb, where a and b themselves cancel. */
function crossedOf({ a, b, others }: SplitConcentration): number {
  return crossed(a, b, others.a, others.b);
}

interface Gap {
  readonly own: Step;
  readonly rest: Step;
}

/** The gaps of each less that of their sum, which the largest is taken with: where it is nearly all, they cancel. */
function steadyGaps(gaps: readonly Gap[]): number {
  const share = ({ own, rest }: Gap) => (own.from / (own.from + rest.from)) * (own.to / (own.to + rest.to));
  const largest = gaps.reduce((most, gap, k) => (share(gap) > share(gaps[most] ?? gap) ? k : most), 0);
  return total(
    gaps.map(({ own, rest }, k) => (k === largest ? sharedGap(own, rest) : steadyGap(own.from, own.to, own.by))),
  );
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
