import { scaledBessel } from "./bessel.ts";
import { fallingIntegral } from "./quadrature.ts";
import { rootOf } from "./root.ts";
import { logSumExp, ofLower, ofUpper, type Tails } from "./tails.ts";

/** π's digits beyond Math.PI. */
const PI_REST = 1.2246467991473532e-16;

/** Integrals of the von Mises density around 0, which is periodic, with their relative accuracy. */
export interface VonMisesLine {
  /** 1 - I1(concentration) / I0(concentration) */
  readonly circularVariance: number;
  /** What lies from -π to x, and from x to π, of the density around `centre`. */
  tails(x: number, centre: number): Tails;
  /** Mean and variance of the angle around `centre`, as a number from -π to π. */
  momentsAround(centre: number): { readonly mean: number; readonly variance: number };
  /** The angle around `centre`, from -π to π, below which lies p. */
  quantile(centre: number, p: number): number;
}

export function lineOf(concentration: number): VonMisesLine {
  const scale = 1 / (2 * Math.PI * scaledBessel(concentration));
  const root = Math.sqrt(concentration);
  const logDensity = (a: number) => Math.log(scale) - 2 * concentration * Math.sin(a / 2) ** 2;
  const density = (a: number) => scale * Math.exp(-2 * concentration * Math.sin(a / 2) ** 2);
  const widthAt = (a: number) => 2 / (2 + root + (concentration * Math.sin(a)) / 2);
  // Of f times the density over angles from 0 to π, which falls towards π.
  const falling = (f: (a: number) => number, low: number, high: number) =>
    fallingIntegral((a) => f(a) * density(a), low, widthAt(low), high);
  const one = () => 1;
  // The logarithm of the integral over `width` from an angle of 0 to π on; as a multiple of the density there, which may be below f64
  const logFalling = (low: number, width: number) => {
    const fall = (t: number) => Math.exp(-2 * concentration * Math.sin(low + t / 2) * Math.sin(t / 2));
    const factor = fallingIntegral(fall, 0, widthAt(low), width);
    return Math.log(scale * factor) - 2 * concentration * Math.sin(low / 2) ** 2;
  };
  // Over `width` from an angle of 0 to 2 π on to what is `end` less than 2 π: what is beyond π is folded back.
  const logAway = (low: number, width: number, end: number) => {
    const half = Math.PI - low + PI_REST;
    if (width <= half) return logFalling(low, width);
    if (half <= 0) return logFalling(end, width);
    return logSumExp([logFalling(low, half), logFalling(end, width - half)]);
  };
  // The centre is on one side, which is more than half unless it is near the cut.
  const tails = (x: number, centre: number): Tails => {
    const below = x < centre;
    const distance = Math.abs(x - centre);
    const widths = [Math.PI + x + PI_REST, Math.PI - x + PI_REST] as const;
    const ends = [Math.PI - centre + PI_REST, Math.PI + centre + PI_REST] as const;
    const [own, far] = below ? ([0, 1] as const) : ([1, 0] as const);
    const log = logAway(distance, widths[own], ends[own]);
    if (log < -0.5) return below ? ofLower(log) : ofUpper(log);
    const other = logSumExp([
      logAway(0, distance, 2 * Math.PI - distance),
      logAway(0, widths[far] - distance, ends[far]),
    ]);
    return below ? ofUpper(other) : ofLower(other);
  };
  // Around 0 the median is 0, and quantiles near it are as small as what lies between: by Newton's method, from below as the integral is concave.
  const fromMedian = (difference: number) => {
    const mass = Math.abs(difference);
    let x = mass / density(0);
    for (let steps = 0; steps < 60; steps++) {
      const next = x + (mass - falling(one, 0, x)) / density(x);
      if (!(next > x)) break;
      x = next;
    }
    return difference < 0 ? -x : x;
  };
  return {
    circularVariance: 2 * falling((a) => 2 * Math.sin(a / 2) ** 2, 0, Math.PI),
    tails,
    momentsAround(centre) {
      // What lies beyond the cut is a turn away.
      const distance = Math.abs(centre);
      const beyond = falling(one, Math.PI - distance, Math.PI);
      const moment = falling((a) => a, Math.PI - distance, Math.PI);
      const variance = 2 * falling((a) => a * a, 0, Math.PI);
      return {
        mean: centre - Math.sign(centre) * 2 * Math.PI * beyond,
        variance: variance - 4 * Math.PI * moment + 4 * Math.PI ** 2 * beyond * (1 - beyond),
      };
    },
    quantile(centre, p) {
      if (centre === 0 && Math.abs(p - 0.5) < 0.25) return fromMedian(p - 0.5);
      const upper = p > 0.5;
      const target = Math.log(upper ? 1 - p : p);
      const move = (x: number): readonly [number, number] => {
        const { logLower, logUpper } = tails(x, centre);
        const log = upper ? logUpper : logLower;
        return [upper ? target - log : log - target, Math.exp(logDensity(x - centre) - log)];
      };
      return rootOf(move, -Math.PI, Math.PI, centre);
    },
  };
}
