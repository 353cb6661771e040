import { scaledBessel } from "./bessel.ts";
import { fallingIntegral } from "./quadrature.ts";
import { rootOf } from "./root.ts";

/** Integrals of the von Mises density around 0, which is periodic, with their relative accuracy. */
export interface VonMisesLine {
  /** 1 - I1(concentration) / I0(concentration) */
  readonly circularVariance: number;
  /** Between two angles at most a turn apart. */
  between(low: number, high: number): number;
  /** Mean and variance of the angle around `centre`, as a number from -π to π. */
  momentsAround(centre: number): { readonly mean: number; readonly variance: number };
  /** The angle around `centre`, from -π to π, below which lies p. */
  quantile(centre: number, p: number): number;
}

export function lineOf(concentration: number): VonMisesLine {
  const scale = 1 / (2 * Math.PI * scaledBessel(concentration));
  const root = Math.sqrt(concentration);
  const density = (a: number) => scale * Math.exp(-2 * concentration * Math.sin(a / 2) ** 2);
  // Of f times the density over angles from 0 to π, which falls towards π.
  const falling = (f: (a: number) => number, low: number, high: number) => {
    const width = 2 / (2 + root + (concentration * Math.sin(low)) / 2);
    return fallingIntegral((a) => f(a) * density(a), low, width, high);
  };
  const one = () => 1;
  // Half turns are cut off and folded back to 0 … π.
  const between = (low: number, high: number): number => {
    let sum = 0;
    for (let from = low; from < high; ) {
      const half = Math.floor(from / Math.PI);
      const to = Math.min(high, (half + 1) * Math.PI);
      // Rounding may leave `from` at the end of its half turn.
      const next = to > from ? to : Math.min(high, (half + 2) * Math.PI);
      const folded = [from, next].map((a) => Math.abs(a - 2 * Math.PI * Math.round((from + next) / (4 * Math.PI))));
      sum += falling(one, Math.min(...folded), Math.max(...folded));
      from = next;
    }
    return sum;
  };
  return {
    circularVariance: 2 * falling((a) => 2 * Math.sin(a / 2) ** 2, 0, Math.PI),
    between,
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
      const upper = p > 0.5;
      const target = Math.log(upper ? 1 - p : p);
      const move = (x: number): readonly [number, number] => {
        const tail = upper ? between(x - centre, Math.PI - centre) : between(-Math.PI - centre, x - centre);
        const distance = upper ? target - Math.log(tail) : Math.log(tail) - target;
        return [distance, density(x - centre) / tail];
      };
      return rootOf(move, -Math.PI, Math.PI, centre);
    },
  };
}
