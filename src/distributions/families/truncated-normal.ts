import { InputError } from "../../core/errors.ts";
import { shown } from "../../core/options.ts";
import { ofNormals, renyiOfNormals } from "../bregman/location-scale.ts";
import { checkLocation, checkScale } from "../checks.ts";
import type { ScalarDistribution, Support } from "../distribution.ts";
import { squareTerms } from "../growth.ts";
import { scalar } from "../make.ts";
import { cutNormal } from "../special/cut-normal.ts";
import { modelOfCut } from "./truncated-normal-model.ts";
import { cutAt, halfNormalLogarithms, ofNearCuts } from "./truncated-normal-moments.ts";

export interface TruncatedNormal extends ScalarDistribution {
  readonly name: "truncatedNormal";
  /** Of the normal distribution that is cut. */
  readonly untruncatedMean: number;
  readonly untruncatedStd: number;
  readonly low: number;
  readonly high: number;
}

const WHERE = "truncatedNormal";

/**
 * A normal distribution between `low` and `high`, either of which may be infinite, however far from its mean they lie.
 *
 * @param mean - of the normal distribution before it is cut, as is std
 * @throws InputError unless mean is a number, std a positive one, and low < high, also as f32
 */
export function truncatedNormal(mean: number, std: number, low: number, high: number): TruncatedNormal {
  checkLocation(mean, "mean", WHERE);
  checkScale(std, "std", WHERE);
  checkEnd(low, "low", Number.NEGATIVE_INFINITY);
  checkEnd(high, "high", Number.POSITIVE_INFINITY);
  if (!(Math.fround(low) < Math.fround(high))) {
    throw new InputError(`${WHERE}: low must be less than high as f32, got ${low} and ${high}`);
  }
  const support: Support = { kind: "interval", low, high };
  const width = (high - low) / std;
  // Distances are counted from the end that is nearer to the mean, or from the mean.
  const mirrored = high < mean;
  const base = mirrored ? high : Math.max(low, mean);
  const sign = mirrored ? -1 : 1;
  const inside = low < mean && mean <= high;
  const cut = cutNormal({
    from: inside ? 0 : Math.abs(base - mean) / std,
    first: inside ? (low - mean) / std : 0,
    last: inside ? (high - mean) / std : width,
    mirrored,
  });
  return scalar<TruncatedNormal>({
    own: {
      name: WHERE,
      untruncatedMean: mean,
      untruncatedStd: std,
      low,
      high,
      mean: base + sign * std * cut.mean,
      variance: std * std * cut.variance,
      logProb: (x) => cut.logDensity((sign * (x - base)) / std) - Math.log(std),
      mode: () => Math.min(Math.max(mean, low), high),
      entropy: () => cut.entropy + Math.log(std),
      tails(x) {
        const ends = [(x - low) / std, (high - x) / std] as const;
        return cut.tails((sign * (x - base)) / std, ends[mirrored ? 1 : 0], ends[mirrored ? 0 : 1]);
      },
      icdf(p) {
        const { from, distance } = cut.place(p);
        if (from === "base") return base + sign * std * distance;
        return (from === "first") === mirrored ? high - std * distance : low + std * distance;
      },
    },
    support,
    known: (of) => ({
      moments: () => ({
        offset: cutAt(mean, std, low, high).offset,
        // What lies below c is cut once more.
        below(c) {
          if (Math.fround(c) <= Math.fround(low)) return 0;
          return of.cdf(c) * (c - truncatedNormal(mean, std, low, c).mean);
        },
        exponential(t, c) {
          // exp(t x) times the density is the density of one that is moved, times this mean: they are compared where the moved one lies.
          const moved = cutAt(mean + t * std ** 2, std, low, high);
          return Math.exp(t * (moved.mean - c) + of.logProb(moved.mean) - moved.logProb(moved.mean));
        },
        ...(isHalfNormal(of) && halfNormalLogarithms(std)),
      }),
      meanLog(p) {
        // The logarithm is a parabola; its value at the mean is known in distances from the nearer end.
        const { end, by } = p.offset ?? { end: Math.min(Math.max(p.mean, low), high), by: 0 };
        return cutAt(mean, std, low, high).logProb(end, by) - p.square(p.mean) / (2 * std ** 2);
      },
      growth: (side) => (Number.isFinite(side === 1 ? high : low) ? [] : squareTerms(mean, std, side)),
      // Others go by their moments.
      kl: (q) => (isHalfNormal(of) && isHalfNormal(q) ? ofNormals(0, std, q.untruncatedStd) : ofNearCuts(of, q)),
      renyi: (q, alpha) =>
        isHalfNormal(of) && isHalfNormal(q) ? renyiOfNormals(0, std, q.untruncatedStd, alpha) : undefined,
    }),
    model: () => modelOfCut(cut, { base, std, low, high }),
  });
}

/** Whether it is the size of a centred normal variate. */
function isHalfNormal({ untruncatedMean, low, high }: TruncatedNormal): boolean {
  return untruncatedMean === 0 && low === 0 && high === Number.POSITIVE_INFINITY;
}

function checkEnd(value: number, name: string, infinite: number): void {
  if (value === infinite) return;
  if (typeof value === "number" && Number.isFinite(Math.fround(value))) return;
  throw new InputError(
    `${WHERE}: ${name} must be ${infinite} or a finite number that f32 can hold, got ${shown(value)}`,
  );
}
