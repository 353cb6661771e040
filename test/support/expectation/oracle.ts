// What an expectation must be, by f64 sums over the same words: nothing here shares code with the library's sums.

import { checkedCall } from "../../../src/expectation/checked-call.ts";
import { runOf } from "../../../src/expectation/run.ts";
import { drawer } from "../../../src/sampling/draws.ts";
import type { Options } from "./expectation.ts";

export interface Moments {
  readonly mean: number;
  readonly variance: number;
}

/**
 * Mean and variance of each function over the draws of an independent run, f in f64 on the same words: Neumaier's compensated sums
 * about the first value.
 */
export async function momentsOf64(options: Options): Promise<readonly Moments[]> {
  const { integrand, address, offset, draws, scheme } = await runOf(checkedCall(options, "oracle"));
  const most = 16_384;
  const draw = drawer(integrand, "f64", most);
  const sums = Array.from({ length: scheme.functions }, () => new PowerSums());
  const start = offset - (offset % 4);
  for (let first = start; first < offset + draws; first += most) {
    const { outputs } = draw(address, first, most);
    const from = Math.max(0, offset - first);
    const to = Math.min(most, offset + draws - first);
    sums.forEach((sum, k) => {
      const values = outputs[k];
      // What the program leaves out, the host adds.
      const origin = integrand.origins?.[k] ?? 0;
      for (let i = from; values && i < to; i++) sum.add(origin + (values[i] as number));
    });
  }
  return sums.map((sum) => sum.moments());
}

/** Σ d and Σ d² of values, d their distance from the first, each with what rounding left behind. */
class PowerSums {
  #count = 0;
  #shift = 0;
  #first = 0;
  #firstLost = 0;
  #second = 0;
  #secondLost = 0;

  add(value: number): void {
    if (this.#count === 0) this.#shift = value;
    this.#count += 1;
    const d = value - this.#shift;
    const first = this.#first + d;
    this.#firstLost += Math.abs(this.#first) >= Math.abs(d) ? this.#first - first + d : d - first + this.#first;
    this.#first = first;
    const square = d * d;
    const second = this.#second + square;
    this.#secondLost += this.#second >= square ? this.#second - second + square : square - second + this.#second;
    this.#second = second;
  }

  moments(): Moments {
    const n = this.#count;
    const first = this.#first + this.#firstLost;
    const second = this.#second + this.#secondLost;
    return { mean: this.#shift + first / n, variance: (second - (first * first) / n) / (n - 1) };
  }
}

/** bench/checks/uniform-sum.c's answers: samples and, in units of 2^-88, the exact sum of that many uniforms of seed 1. */
export const UNIFORM_SUMS: readonly (readonly [samples: number, sum: bigint])[] = [
  [1e6, 0x000007a273ed9fffc89e400000000000n],
  [1e7, 0x00004c4c691c2074007bd80000000000n],
  [1e8, 0x0002fae69029a6e72ee119dc00000000n],
  [1e9, 0x001dcd6aeedb29f1a43c492000000000n],
  [1e10, 0x012a0572664cedc357a0928000000000n],
];

/** Relative error of a mean of `samples` values against their exact sum in units of 2^-88. */
export function relativeErrorOf(mean: number, samples: number, sum: bigint): number {
  const exact = Number(sum >> 30n) / 2 ** 58 / samples;
  return Math.abs(mean / exact - 1);
}
