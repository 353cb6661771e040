import { double } from "../../arithmetic/double.ts";

/** A function from the line to itself, by which a law is carried. */
export type Move = (x: number) => number;

/** A law on a line: a density on [low, high], looked at in so many cells, and masses at single places. */
export interface Law {
  readonly low: number;
  readonly high: number;
  readonly cells: number;
  /** Of the density, within one cell. */
  readonly massBetween: (from: number, to: number) => number;
  readonly atoms: readonly { readonly x: number; readonly mass: number }[];
}

/** Beyond this many standard deviations there is less than 1e-20 of a normal. */
const REACH = 9.5;

function tail(x: number): number {
  return 0.5 * double.erfc(x * Math.SQRT1_2);
}

/** N(0, 1), exactly. */
export function lawOfNoise(cells: number): Law {
  // Of the two tails the smaller one has all its digits.
  const massBetween = (from: number, to: number) => (from > 0 ? tail(from) - tail(to) : tail(-to) - tail(-from));
  return { low: -REACH, high: REACH, cells, massBetween, atoms: [] };
}

/** A step of a diffusion: a move, then normal noise of this standard deviation, then clipping. */
export interface NoisyStep {
  readonly move: Move;
  readonly std: number;
}

/** A density at equally spaced places, straight in between. */
interface Sampled extends Law {
  readonly step: number;
  readonly density: Float64Array;
}

/** Cells per standard deviation of the noise that smoothed a density, and of that which will. */
const CELLS_PER_STD = 4;
const LEAST_CELLS = 1_000;
/** The last density is cut at the borders between modes. */
const LAST_CELLS = 2 ** 13;

/**
 * The law of N(0, 1) before the last of some steps, each of which ends within ± bound. The trapezoidal rule is exact to e^(-2 (π s / h)²) for a
 * normal of standard deviation s on a grid of spacing h.
 */
export function diffuse(steps: readonly NoisyStep[], bound: number): Law {
  if (steps.length === 1) return lawOfNoise(LAST_CELLS);
  let law = standard();
  for (let s = 0; s + 1 < steps.length; s++) {
    const { move, std } = steps[s] as NoisyStep;
    const next = steps[s + 1] as NoisyStep;
    const last = s + 2 === steps.length;
    const finest = (last ? std : Math.min(std, next.std)) / CELLS_PER_STD;
    law = stepped(law, move, std, bound, finest, last ? LAST_CELLS : LEAST_CELLS);
  }
  return law;
}

function standard(): Sampled {
  const cells = LEAST_CELLS;
  const step = (2 * REACH) / cells;
  const density = Float64Array.from({ length: cells + 1 }, (_, k) => {
    return Math.exp(-0.5 * (-REACH + k * step) ** 2) / Math.sqrt(2 * Math.PI);
  });
  return sampled(-REACH, REACH, density, []);
}

function sampled(low: number, high: number, density: Float64Array, atoms: Law["atoms"]): Sampled {
  const cells = density.length - 1;
  const step = (high - low) / cells;
  const massBetween = (from: number, to: number) => {
    const place = (from + to) / 2;
    const cell = Math.min(cells - 1, Math.max(0, Math.floor((place - low) / step)));
    const [a, b] = [density[cell] as number, density[cell + 1] as number];
    // The middle of a straight density times the width.
    return (to - from) * (a + (b - a) * ((place - low) / step - cell));
  };
  return { low, high, cells, step, density, massBetween, atoms };
}

function stepped(law: Sampled, move: Move, std: number, bound: number, finest: number, least: number): Sampled {
  const masses: { readonly to: number; readonly mass: number }[] = law.atoms.map(({ x, mass }) => ({
    to: move(x),
    mass,
  }));
  law.density.forEach((density, k) => {
    const share = k === 0 || k === law.cells ? 0.5 : 1;
    masses.push({ to: move(law.low + k * law.step), mass: share * law.step * density });
  });
  const furthest = masses.reduce((most, { to }) => Math.max(most, Math.abs(to)), 0) + REACH * std;
  const high = Math.min(bound, furthest);
  const cells = Math.max(least, Math.ceil((2 * high) / finest));
  const step = (2 * high) / cells;
  const density = new Float64Array(cells + 1);
  let [above, below] = [0, 0];
  const scale = 1 / (std * Math.sqrt(2 * Math.PI));
  for (const { to, mass } of masses) {
    if (mass < 1e-30) continue;
    const first = Math.max(0, Math.ceil((to - REACH * std + high) / step));
    const last = Math.min(cells, Math.floor((to + REACH * std + high) / step));
    for (let k = first; k <= last; k++) {
      density[k] = (density[k] as number) + mass * scale * Math.exp(-0.5 * ((k * step - high - to) / std) ** 2);
    }
    above += mass * tail((bound - to) / std);
    below += mass * tail((bound + to) / std);
  }
  const atoms = Number.isFinite(bound)
    ? [
        { x: bound, mass: above },
        { x: -bound, mass: below },
      ]
    : [];
  return sampled(-high, high, density, atoms);
}
