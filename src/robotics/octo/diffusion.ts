import { InputError } from "../../core/errors.ts";
import { checkNamesOf, shown } from "../../core/options.ts";
import {
  checkFiniteNumbers,
  checkFunction,
  checkLength,
  checkMask,
  checkNumbers,
  checkObject,
  checkRows,
} from "../checks.ts";
import { clip } from "../numpy.ts";
import { type DiffusionSchedule, diffusionSteps } from "./schedule.ts";

/** Octo's diffusion head as it was pretrained (scripts/configs/octo_pretrain_config.py). */
export const pretrained = {
  actionDim: 7,
  actionHorizon: 4,
  window: 2,
  steps: diffusionSteps,
  /** Of its network: sizes of the time's embedding and of the hidden layers, and how many blocks these are. */
  timeDim: 32,
  hiddenDim: 256,
  blocks: 3,
  /** Actions are clipped to ± this, when noise is added and after every step back. */
  maxAction: 5,
  /** Losses are divided by the share of the values that count, but never by less than this. */
  leastShare: 1e-5,
} as const;

/**
 * Octo's U-Net head: 100 steps of the same schedule, `cosineSchedule(100)`, and the same step back without a clip
 * (`maxAction: Infinity`): its "fixed_large" variance is β, and its mean is the same, written with the estimate of the action.
 * Actions are clipped to ±1 when noise is added.
 */
export const unetHead = { steps: 100, maxAction: 1 } as const;

export interface NoiseOptions {
  /** Actions are clipped to ± this first. 5, Octo's, by default; Infinity for none. */
  readonly maxAction?: number | undefined;
}

/**
 * Octo's forward process at step t: √ᾱ_t clip(a, ±maxAction) + √(1 - ᾱ_t) ε, in f64.
 *
 * @throws InputError for numbers that are not finite, lengths that differ, t outside the schedule, and a maxAction that is not positive
 */
export function addNoise(
  action: ArrayLike<number>,
  noise: ArrayLike<number>,
  t: number,
  schedule: DiffusionSchedule,
  options: NoiseOptions = {},
): Float64Array {
  const where = "octo.addNoise";
  checkNamesOf(options, ["maxAction"], where);
  const { maxAction = pretrained.maxAction } = options;
  checkStep(t, schedule, where);
  checkMaxAction(maxAction, where);
  checkNumbers(action, "action", where);
  if (maxAction === Number.POSITIVE_INFINITY) checkFiniteNumbers(action, "action", where);
  checkLength(noise, action.length, "noise", where);
  checkFiniteNumbers(noise, "noise", where);
  const [signal, scale] = [schedule.signalScales[t] as number, schedule.noiseScales[t] as number];
  return Float64Array.from(action, (a, k) => signal * clip(a, -maxAction, maxAction) + scale * (noise[k] as number));
}

export interface StepOptions {
  /** Dimensions that the robot has. The others become what training showed of padding: √(1 - ᾱ_t) z. Default: all. */
  readonly mask?: ArrayLike<boolean> | undefined;
  /** 5 in Octo; Infinity for none. */
  readonly maxAction?: number | undefined;
}

const STEP_NAMES = ["mask", "maxAction"] as const;

/**
 * One step back of Octo's DDPM sampler, from t to t - 1, in f64:
 * (x - (1 - α) / √(1 - ᾱ) ε) / √α, + √β z where t > 0, clipped to ±maxAction.
 *
 * Octo clips x after the noise is added, and never its estimate of the action, as other samplers do.
 *
 * @param x - a noisy action
 * @param noise - the predicted ε
 * @param fresh - z, standard normal numbers; at t = 0 only masked dimensions use it
 * @throws InputError for numbers that are not finite, lengths that differ, t outside the schedule, and a maxAction that is not positive
 */
export function stepBack(
  x: ArrayLike<number>,
  noise: ArrayLike<number>,
  fresh: ArrayLike<number>,
  t: number,
  schedule: DiffusionSchedule,
  options: StepOptions = {},
): Float64Array {
  const where = "octo.stepBack";
  checkNamesOf(options, STEP_NAMES, where);
  const { mask, maxAction = pretrained.maxAction } = options;
  checkStep(t, schedule, where);
  for (const [values, name] of [
    [x, "x"],
    [noise, "noise"],
    [fresh, "fresh"],
  ] as const) {
    checkFiniteNumbers(values, name, where);
    checkLength(values, x.length, name, where);
  }
  if (mask !== undefined) checkMask(mask, x.length, where);
  checkMaxAction(maxAction, where);
  const [root, weight] = [schedule.rootReciprocals[t] as number, schedule.noiseWeights[t] as number];
  const [spread, scale] = [schedule.freshNoise[t] as number, schedule.noiseScales[t] as number];
  return Float64Array.from(x, (value, k) => {
    const z = fresh[k] as number;
    if (mask && !mask[k]) return scale * z;
    return clip(root * (value - weight * (noise[k] as number)) + spread * z, -maxAction, maxAction);
  });
}

/** What a trained network would be: the noise in x at step t. */
export type NoisePredictor = (x: Float64Array, t: number) => ArrayLike<number>;

/**
 * Octo's sampler in f64: `stepBack` from the last step to step 0.
 *
 * @param start - standard normal numbers
 * @param fresh - gives the standard normal numbers of step t
 * @throws InputError for numbers that are not finite, also in what the functions give, lengths that differ, and a maxAction that is not positive
 */
export function sample(
  predict: NoisePredictor,
  start: ArrayLike<number>,
  fresh: (t: number) => ArrayLike<number>,
  schedule: DiffusionSchedule,
  options: StepOptions = {},
): Float64Array {
  const where = "octo.sample";
  checkNamesOf(options, STEP_NAMES, where);
  checkFunction(predict, "predict", where);
  checkFunction(fresh, "fresh", where);
  checkSchedule(schedule, where);
  checkFiniteNumbers(start, "start", where);
  let x: Float64Array = Float64Array.from(start);
  for (let t = schedule.steps - 1; t >= 0; t--) x = stepBack(x, predict(x, t), fresh(t), t, schedule, options);
  return x;
}

export interface ContinuousLossOptions {
  /** "mse" (default) or "l1". */
  readonly kind?: "mse" | "l1" | undefined;
  /** One flag a value, true or 1 = counts. Default: all. */
  readonly mask?: ArrayLike<number | boolean> | undefined;
  /** Dimensions of an action. Default 7. */
  readonly actionDim?: number | undefined;
}

/**
 * Octo's loss of continuous values in f64: mean(m error) / max(mean(m), 1e-5), times the action dimension, because Octo sums over
 * dimensions. Of predicted and true noise it is the diffusion head's, of actions the continuous head's.
 *
 * @param predicted - rows of `actionDim` values
 * @throws InputError for numbers that are not finite and for lengths that do not fit
 */
export function continuousLossOf(
  predicted: ArrayLike<number>,
  target: ArrayLike<number>,
  options: ContinuousLossOptions = {},
): number {
  const where = "octo.continuousLossOf";
  checkNamesOf(options, ["kind", "mask", "actionDim"], where);
  const { kind = "mse", mask, actionDim = pretrained.actionDim } = options;
  if (kind !== "mse" && kind !== "l1") {
    throw new InputError(`${where}: kind must be "mse" or "l1", got ${shown(kind)}`);
  }
  checkRows(predicted, actionDim, "predicted", where);
  checkLength(target, predicted.length, "target", where);
  if (mask !== undefined) checkMask(mask, predicted.length, where);
  checkFiniteNumbers(predicted, "predicted", where);
  checkFiniteNumbers(target, "target", where);
  let [sum, kept] = [0, 0];
  for (let k = 0; k < predicted.length; k++) {
    if (mask && !mask[k]) continue;
    const error = (predicted[k] as number) - (target[k] as number);
    sum += kind === "mse" ? error * error : Math.abs(error);
    kept += 1;
  }
  return (sum / Math.max(kept, pretrained.leastShare * predicted.length)) * actionDim;
}

/**
 * Octo's continuous head: tanh(x / maxAction) maxAction, between ±maxAction.
 *
 * @throws InputError for NaN, and a maxAction that is not positive and finite
 */
export function squash(x: number, maxAction: number = pretrained.maxAction): number {
  checkNumbers([x], "x", "octo.squash");
  if (!(typeof maxAction === "number" && maxAction > 0 && Number.isFinite(maxAction))) {
    throw new InputError(`octo.squash: maxAction must be a finite number above 0, got ${shown(maxAction)}`);
  }
  return Math.tanh(x / maxAction) * maxAction;
}

function checkMaxAction(maxAction: number, where: string): void {
  if (typeof maxAction === "number" && maxAction > 0) return;
  throw new InputError(`${where}: maxAction must be a number above 0, got ${shown(maxAction)}`);
}

function checkSchedule(schedule: DiffusionSchedule, where: string): void {
  checkObject(schedule, "schedule", "one of cosineSchedule", where);
}

function checkStep(t: number, schedule: DiffusionSchedule, where: string): void {
  checkSchedule(schedule, where);
  if (Number.isInteger(t) && t >= 0 && t < schedule.steps) return;
  throw new InputError(`${where}: t must be a step from 0 to ${schedule.steps - 1}, got ${shown(t)}`);
}
