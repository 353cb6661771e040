import type { Computed, Given } from "../../engine/cpu/work.ts";
import type { AdvantageReference } from "../advantages.ts";
import type { LambdaReturnReference } from "../lambda-return.ts";
import type { NormalizeReference } from "../normalize-advantages.ts";

export function advantagesReference(options: AdvantageReference, given: Given): Computed {
  const { steps, columns, gamma, lambda } = options;
  const { rewards, values, dones } = given as Record<"rewards" | "values" | "dones", Float32Array>;
  const advantages = new Float32Array(steps * columns);
  const returns = new Float32Array(steps * columns);
  for (let column = 0; column < columns; column++) {
    let [advantage, next] = [0, values[steps * columns + column] as number];
    for (let at = (steps - 1) * columns + column; at >= 0; at -= columns) {
      const live = 1 - fraction(dones, at);
      const value = values[at] as number;
      const ahead = live === 0 ? 0 : gamma * live * next;
      const carried = live === 0 ? 0 : gamma * lambda * live * advantage;
      advantage = (rewards[at] as number) + ahead - value + carried;
      advantages[at] = advantage;
      returns[at] = advantage + value;
      next = value;
    }
  }
  return { outputs: { advantages, returns }, badRow: firstBad([dones], 0) };
}

export function lambdaReturnReference(options: LambdaReturnReference, given: Given): Computed {
  const { steps, columns, discount, lambda } = options;
  type Names = "rewards" | "values" | "terminals" | "lasts";
  const { rewards, values, terminals, lasts } = given as Record<Names, Float32Array>;
  const returns = new Float32Array(steps * columns);
  for (let column = 0; column < columns; column++) {
    let ahead = values[steps * columns + column] as number;
    for (let at = steps * columns + column; at >= columns; at -= columns) {
      const live = (1 - fraction(terminals, at)) * discount;
      const cont = (1 - fraction(lasts, at)) * lambda;
      const value = cont === 1 || live === 0 ? 0 : (1 - cont) * live * (values[at] as number);
      const carried = cont === 0 || live === 0 ? 0 : live * cont * ahead;
      ahead = (rewards[at] as number) + value + carried;
      returns[at - columns] = ahead;
    }
  }
  return { outputs: { returns }, badRow: firstBad([terminals, lasts], columns) };
}

export function normalizeAdvantagesReference(options: NormalizeReference, given: Given): Computed {
  const { total, size, epsilon } = options;
  const advantages = given.advantages as Float32Array;
  const y = new Float32Array(total);
  for (let start = 0; start < total; start += size) {
    const own = advantages.subarray(start, start + size);
    const mean = own.reduce((sum, x) => sum + x, 0) / own.length;
    const squares = own.reduce((sum, x) => sum + (x - mean) ** 2, 0);
    const scale = Math.sqrt(squares / (own.length - 1)) + epsilon;
    own.forEach((x, k) => {
      y[start + k] = (x - mean) / scale;
    });
  }
  return { outputs: { y } };
}

/** f32 as it is; integers as flags. */
function fraction(values: Float32Array | Int32Array | Uint32Array, at: number): number {
  const value = values[at] as number;
  if (values instanceof Float32Array) return value;
  return value === 0 ? 0 : 1;
}

/** The first element, from `start` on, that is no fraction in one of the arrays. */
function firstBad(arrays: readonly (Float32Array | Int32Array | Uint32Array)[], start: number): number | undefined {
  const bad = arrays.flatMap((values) => {
    if (!(values instanceof Float32Array)) return [];
    const found = values.findIndex((value, at) => at >= start && !(value >= 0 && value <= 1));
    return found >= 0 ? [found] : [];
  });
  return bad.length > 0 ? Math.min(...bad) : undefined;
}
