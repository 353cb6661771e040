import { double } from "../../arithmetic/double.ts";
import { InputError } from "../../core/errors.ts";
import { checkChoice, checkNamesOf, checkWhole } from "../../core/options.ts";
import { type Blend, blendOf } from "./blend.ts";
import type { GaussianMixture } from "./gaussians.ts";
import { type Line, lineOf } from "./line.ts";
import { diffuse, type Law, lawOfNoise, type Move } from "./line-law.ts";
import { mapOf } from "./maps.ts";
import { diffusionWalk, FLOW_STEPS, flowWalk, MAX_ACTION, MOST_STEPS } from "./paths.ts";
import { checkMaxAction } from "./run.ts";

/** The transport in question; its defaults are those of `flowTransport` and `diffusionTransport`. */
export interface ExpectedModesOptions {
  readonly method: "flow" | "diffusion";
  /** 10 by default for a flow, 20 for a diffusion. */
  readonly steps?: number;
  /** Of a diffusion: 5 by default. */
  readonly maxAction?: number;
}

/** Where infinitely many particles would end, by the component of the target that they end in. */
export interface ExpectedModes {
  /** Share of the particles that end in each component of the target, as `assignModes` tells them apart. */
  readonly weights: readonly number[];
  /** Means and standard deviations of those particles along `direction`; NaN where there are none. */
  readonly means: readonly number[];
  readonly stds: readonly number[];
  /** A unit vector: the line along which the components differ. */
  readonly direction: readonly number[];
}

/**
 * Where a transport's discrete steps take all of N(0, I), in f64: the steps' own error, without the noise of particles. Ten Euler steps
 * turn a weight of 0.3 into 0.287.
 *
 * A flow's map is evaluated on a grid of its noise, and the borders between modes are found by bisection; a diffusion's density is
 * carried from step to step on a grid. Where the components differ along a line that is no coordinate's, clipping
 * is left out.
 *
 * @param target - a mixture of Gaussians whose components differ in one coordinate only, or have one standard deviation in all
 * directions and means on one line
 * @throws InputError for others
 */
export function expectedModes(target: GaussianMixture, options: ExpectedModesOptions): ExpectedModes {
  const where = "expectedModes";
  checkNamesOf(options, ["method", "steps", "maxAction"], where);
  const { method, maxAction = MAX_ACTION } = options;
  checkChoice(method, ["flow", "diffusion"], where, "method");
  if (method === "flow" && options.maxAction !== undefined) {
    throw new InputError(`${where}: maxAction is for method "diffusion", whose steps clip; leave it out`);
  }
  const { steps = method === "flow" ? FLOW_STEPS : 20 } = options;
  checkWhole(steps, 1, MOST_STEPS, where, "steps");
  checkMaxAction(maxAction, where);
  const line = lineOf(target, where);
  const weights = "weights" in target ? target.weights : [1];
  const kept = weights.flatMap((weight, k) => (weight > 0 ? [k] : []));
  const sums = weights.map(() => ({ mass: 0, first: 0, second: 0 }));
  for (const { label, mass, first, second } of piecesOf(line, method, steps, maxAction)) {
    const sum = sums[kept[label] ?? -1];
    if (!sum) continue;
    sum.mass += mass;
    sum.first += first;
    sum.second += second;
  }
  const means = sums.map(({ mass, first }) => first / mass);
  return {
    weights: sums.map(({ mass }) => mass),
    means,
    stds: sums.map(({ mass, second }, k) => Math.sqrt(Math.max(0, second / mass - (means[k] as number) ** 2))),
    direction: line.direction,
  };
}

/** Mass that ends in one mode, and the first two moments that it brings there. */
interface Piece {
  readonly label: number;
  readonly mass: number;
  readonly first: number;
  readonly second: number;
}

function piecesOf(line: Line, method: "flow" | "diffusion", steps: number, maxAction: number): readonly Piece[] {
  const { gaussians } = line;
  const shape = { size: 1, count: gaussians.components.length, axes: new Float64Array(0) };
  const blend = blendOf(shape, double);
  const last = mapOf(gaussians, { signal: 1, noise: 0 }, { next: () => 0, gain: () => 0 }).constants;
  const labelOf = (x: number) => blend.nearest(Float64Array.of(x), last, 0);
  if (method === "flow") {
    const moves = flowWalk(gaussians, steps).maps.map(({ constants }) => moveOf(blend, constants));
    const whole: Move = (x) => moves.reduce((at, move) => move(at), x);
    return split(lawOfNoise(FINE), whole, labelOf);
  }
  const bound = line.aligned ? maxAction : Number.POSITIVE_INFINITY;
  const { maps } = diffusionWalk(gaussians, steps, bound);
  const law = diffuse(
    maps.map(({ constants }) => ({ move: moveOf(blend, constants), std: constants[0] as number })),
    bound,
  );
  const final = moveOf(blend, (maps.at(-1) as (typeof maps)[number]).constants);
  return split(law, (x) => Math.min(bound, Math.max(-bound, final(x))), labelOf);
}

/** Cells of a grid on which borders are looked for. */
const FINE = 2 ** 14;

function moveOf(blend: Blend, constants: Float64Array): Move {
  const x = new Float64Array(1);
  return (from) => {
    x[0] = from;
    blend.apply(x, constants, 0);
    return x[0] as number;
  };
}

/** What each cell of a law becomes under a map; cells across a border between modes are cut there. */
function split(law: Law, move: Move, labelOf: (x: number) => number): readonly Piece[] {
  const pieces: Piece[] = [];
  const add = (label: number, mass: number, from: number, to: number) => {
    // Of a map that is straight within the cell.
    pieces.push({
      label,
      mass,
      first: (mass * (from + to)) / 2,
      second: (mass * (from * from + from * to + to * to)) / 3,
    });
  };
  for (const { x, mass } of law.atoms) {
    const to = move(x);
    add(labelOf(to), mass, to, to);
  }
  let [before, image] = [law.low, move(law.low)];
  let label = labelOf(image);
  for (let k = 1; k <= law.cells; k++) {
    const x = law.low + ((law.high - law.low) * k) / law.cells;
    const next = move(x);
    const nextLabel = labelOf(next);
    if (nextLabel === label) add(label, law.massBetween(before, x), image, next);
    else {
      const border = borderOf(before, x, (at) => labelOf(move(at)) === label);
      const there = move(border);
      add(label, law.massBetween(before, border), image, there);
      add(nextLabel, law.massBetween(border, x), there, next);
    }
    [before, image, label] = [x, next, nextLabel];
  }
  return pieces;
}

/** Where a condition that holds at `low` and not at `high` ends. */
function borderOf(low: number, high: number, holds: (x: number) => boolean): number {
  let [a, b] = [low, high];
  for (let k = 0; k < 60; k++) {
    const middle = (a + b) / 2;
    if (holds(middle)) a = middle;
    else b = middle;
  }
  return (a + b) / 2;
}
