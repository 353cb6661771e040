import { InputError } from "../../core/errors.ts";
import { shown } from "../../core/options.ts";
import type { ScalarDistribution, Support } from "../../distributions/distribution.ts";
import { scalar } from "../../distributions/make.ts";
import { ofBoth } from "../../distributions/special/tails.ts";
import { call, number, variable } from "../../expression/expr.ts";
import { add, div, mul, pow, sub } from "../../expression/simplify.ts";
import { linspace } from "../numpy.ts";

/** π0's distribution of training times. */
export interface FlowTime extends ScalarDistribution {
  readonly name: "pi0.time";
}

/** Beta(1.5, 1) is stretched to this width, and begins here. */
const WIDTH = 0.999;
const LOW = 0.001;

const U = variable(0);
const T = variable(0);
const EVENT = [add(number(LOW), mul(number(WIDTH), pow(U, number(2 / 3))))];
const SHARE = div(sub(T, number(LOW)), number(WIDTH));
const LOG_DENSITY = add(number(Math.log(1.5 / WIDTH)), mul(number(0.5), call("log", SHARE)));

/**
 * The time at which π0 is trained: t = 0.999 b + 0.001, b ~ Beta(1.5, 1) (openpi, src/openpi/models/pi0.py), with t = 1 for noise
 * and t = 0 for data. The paper counts the other way, p(τ) = Beta((s - τ) / s; 1.5, 1) with s = 0.999 and τ = 1 - t: the same distribution.
 *
 * b's distribution function is b^1.5, so u^(2/3) of a uniform u is an exact sample. (u^(2/3) / (u^(2/3) + v) without rejection, as
 * a port had it, is another distribution, of mean 0.558.) Mean 0.6004, median 0.6303.
 *
 * @returns a distribution for `expectation`, `sampleAt` and the rest
 */
export function time(): FlowTime {
  const support: Support = { kind: "interval", low: LOW, high: LOW + WIDTH };
  const share = (t: number) => (t - LOW) / WIDTH;
  return scalar<FlowTime>({
    own: {
      name: "pi0.time",
      mean: LOW + WIDTH * 0.6,
      variance: (WIDTH * WIDTH * 12) / 175,
      logProb: (t) => Math.log(1.5 / WIDTH) + 0.5 * Math.log(share(t)),
      mode: () => LOW + WIDTH,
      // ln B(1.5, 1) - ψ(1.5) / 2 + ψ(2.5) / 2, and ψ(2.5) - ψ(1.5) = 2/3.
      entropy: () => Math.log(WIDTH / 1.5) + 1 / 3,
      tails: (t) => ofBoth(share(t) ** 1.5, -Math.expm1(1.5 * Math.log(share(t)))),
      icdf: (p) => LOW + WIDTH * p ** (2 / 3),
    },
    support,
    model: () => ({ variates: ["uniform"], event: EVENT, logDensity: LOG_DENSITY, parameters: {} }),
  });
}

/**
 * How π0 tells its network the time: sines, then cosines, of 2π t over periods that grow geometrically from the shortest to the longest.
 *
 * @param size - how many numbers, even, at least 4
 * @throws InputError for a size or a period that does not fit
 */
export function timeEmbedding(t: number, size: number, minPeriod = 4e-3, maxPeriod = 4): Float64Array {
  const where = "pi0.timeEmbedding";
  if (!Number.isFinite(t)) throw new InputError(`${where}: t must be a finite number, got ${shown(t)}`);
  if (!Number.isInteger(size) || size < 4 || size % 2 !== 0) {
    throw new InputError(`${where}: size must be an even number from 4, got ${shown(size)}`);
  }
  if (!(minPeriod > 0 && maxPeriod >= minPeriod && Number.isFinite(maxPeriod))) {
    throw new InputError(
      `${where}: needed 0 < minPeriod <= maxPeriod, got ${shown(minPeriod)} and ${shown(maxPeriod)}`,
    );
  }
  const half = size / 2;
  const embedding = new Float64Array(size);
  linspace(0, 1, half).forEach((fraction, k) => {
    const period = minPeriod * (maxPeriod / minPeriod) ** fraction;
    const angle = t * ((1 / period) * 2 * Math.PI);
    embedding[k] = Math.sin(angle);
    embedding[half + k] = Math.cos(angle);
  });
  return embedding;
}
