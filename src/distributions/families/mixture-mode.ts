import type { Atom, ScalarDistribution } from "../distribution.ts";
import { coordinatesOfPoint } from "../parts.ts";

/** Levels whose quantiles stand beside each component's mode. */
const LEVELS = [0.05, 0.2, 0.35, 0.45, 0.49, 0.51, 0.55, 0.65, 0.8, 0.95];
/** Points between the first and the last of the components' modes, evenly. */
const POINTS = 256;
/** 1 / the golden ratio. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;
/** After so many steps an interval is 1e-9 of what it was: a smooth peak is flat over less than the root of f64's roundings. */
const STEPS = 43;

/** The least of the most probable values. */
export function modeOfAtoms(atoms: readonly Atom[]): number {
  const most = atoms.reduce((peak, { probability }) => Math.max(peak, probability), 0);
  return Math.min(
    ...atoms.flatMap(({ value, probability }) => (probability === most ? coordinatesOfPoint(value) : [])),
  );
}

/**
 * Where the density or mass of a mixture is largest, the smallest of several: numerically, to about 1e-8 of the peak's width. Left of all its components'
 * modes it rises, as they do, and right of all it falls, so it is looked for between them.
 */
export function modeOfMixture(
  components: readonly ScalarDistribution[],
  logProb: (x: number) => number,
  kind: "interval" | "integers" | "shares",
): number {
  const modes = components.map(({ mode }) => mode).sort((a, b) => a - b);
  const [low = Number.NaN, high = Number.NaN] = [modes[0], modes.at(-1)];
  const whole = kind === "integers";
  const even = Array.from({ length: POINTS }, (_, k) => low + ((high - low) * k) / (POINTS - 1));
  const own = components.flatMap((component) => LEVELS.map((level) => component.icdf(level)));
  const inside = [...modes, ...even, ...own].filter((x) => x >= low && x <= high);
  const points = [...new Set(whole ? inside.map(Math.round) : inside)].sort((a, b) => a - b);
  const best = points.reduce((most, x, k) => (logProb(x) > logProb(points[most] ?? Number.NaN) ? k : most), 0);
  const [before, at, after] = [points[best - 1] ?? low, points[best] ?? low, points[best + 1] ?? high];
  if (logProb(at) === Number.POSITIVE_INFINITY) return at;
  const found = whole ? largestWhole(logProb, before, after) : peakOf(logProb, before, after);
  return logProb(found) > logProb(at) ? found : at;
}

/** A peak between two points, by golden sections. */
function peakOf(f: (x: number) => number, from: number, to: number): number {
  let [low, high] = [from, to];
  for (let step = 0; step < STEPS; step++) {
    const [left, right] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
    if (f(left) >= f(right)) high = right;
    else low = left;
  }
  return low / 2 + high / 2;
}

/** The same of whole numbers, by halving where the masses rise and fall once. */
function largestWhole(f: (k: number) => number, from: number, to: number): number {
  let [low, high] = [from, to];
  while (high - low > 1) {
    const middle = Math.floor(low / 2 + high / 2);
    if (f(middle + 1) > f(middle)) low = middle + 1;
    else high = middle;
  }
  return f(high) > f(low) ? high : low;
}
