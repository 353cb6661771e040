import { InputError } from "../../core/errors.ts";
import { checkNamesOf, shown } from "../../core/options.ts";
import { checkFiniteNumbers, checkFunction, checkLength, checkRows } from "../checks.ts";

/** Sizes of π0's action head (openpi, src/openpi/models/pi0_config.py). Robots with fewer dimensions are padded with zeros. */
export const head = {
  actionDim: 32,
  actionHorizon: 50,
  samplingSteps: 10,
  /** Tokens of the prompt; of π0.5's, which has the state in it. */
  promptTokens: { pi0: 48, pi05: 200 },
} as const;

/** A point of the path from data to noise, and the velocity that the network is to learn there. */
export interface FlowPoint {
  readonly point: Float64Array;
  /** u = ε - a. */
  readonly velocity: Float64Array;
}

/**
 * π0's path in f64: x_t = t ε + (1 - t) a, with u = ε - a. t = 1 is noise and t = 0 data, as in the code; the paper has it the other
 * way round (τ = 1 - t, and velocities of the other sign).
 *
 * @throws InputError for numbers that are not finite, lengths that differ, or t outside [0, 1]
 */
export function flowPointOf(actions: ArrayLike<number>, noise: ArrayLike<number>, t: number): FlowPoint {
  const where = "pi0.flowPointOf";
  checkFiniteNumbers(actions, "actions", where);
  checkFiniteNumbers(noise, "noise", where);
  checkLength(noise, actions.length, "noise", where);
  if (!(typeof t === "number" && t >= 0 && t <= 1))
    throw new InputError(`${where}: t must be from 0 to 1, got ${shown(t)}`);
  const at = (k: number) => noise[k] as number;
  return {
    point: Float64Array.from(actions, (a, k) => t * at(k) + (1 - t) * a),
    velocity: Float64Array.from(actions, (a, k) => at(k) - a),
  };
}

/**
 * π0's loss in f64, (v - u)² averaged over the action dimension alone: one value a step of the horizon.
 *
 * @param predicted - rows of `actionDim` velocities
 * @throws InputError for numbers that are not finite and for lengths that do not fit
 */
export function flowLossOf(
  predicted: ArrayLike<number>,
  velocity: ArrayLike<number>,
  actionDim: number = head.actionDim,
): Float64Array {
  const where = "pi0.flowLossOf";
  checkRows(predicted, actionDim, "predicted", where);
  checkLength(velocity, predicted.length, "velocity", where);
  checkFiniteNumbers(predicted, "predicted", where);
  checkFiniteNumbers(velocity, "velocity", where);
  const losses = new Float64Array(predicted.length / actionDim);
  for (let k = 0; k < predicted.length; k++) {
    const row = Math.floor(k / actionDim);
    losses[row] = (losses[row] as number) + ((predicted[k] as number) - (velocity[k] as number)) ** 2 / actionDim;
  }
  return losses;
}

/** What a trained network would be: the velocity at x and time t. */
export type VelocityField = (x: Float64Array, t: number) => ArrayLike<number>;

export interface SampleOptions {
  /** Euler steps. Default 10. */
  readonly steps?: number | undefined;
}

/**
 * π0's sampler in f64: Euler steps x += dt v(x, t) with dt = -1 / steps, from noise at t = 1 while t >= -dt / 2, so that a
 * rounding of t neither adds a step nor leaves one out. With 10 steps v is evaluated at 1.0, 0.9 … 0.1, ten times.
 *
 * @param noise - standard normal numbers
 * @throws InputError for numbers that are not finite in the noise or a velocity, or a velocity of another length
 */
export function sample(velocity: VelocityField, noise: ArrayLike<number>, options: SampleOptions = {}): Float64Array {
  const where = "pi0.sample";
  checkNamesOf(options, ["steps"], where);
  const { steps = head.samplingSteps } = options;
  if (!Number.isInteger(steps) || steps < 1) {
    throw new InputError(`${where}: steps must be a whole number from 1, got ${shown(steps)}`);
  }
  checkFunction(velocity, "velocity", where);
  checkFiniteNumbers(noise, "noise", where);
  const dt = -1 / steps;
  let x: Float64Array = Float64Array.from(noise);
  for (let t = 1; t >= -dt / 2; t += dt) {
    const v = velocity(x, t);
    checkLength(v, x.length, "the velocity", where);
    checkFiniteNumbers(v, "velocity", where);
    x = x.map((value, k) => value + dt * (v[k] as number));
  }
  return x;
}
