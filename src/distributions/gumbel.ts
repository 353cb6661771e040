import { div, mul, neg, sub } from "../expression/simplify.ts";
import { checkLocation, checkScale } from "./checks.ts";
import type { ScalarDistribution } from "./distribution.ts";
import { EVERYWHERE, exp, LOCATION, log, log1p, SCALE, X } from "./formulas.ts";
import { scalar } from "./make.ts";
import { ofHazard, swapped } from "./special/tails.ts";

export interface Gumbel extends ScalarDistribution {
  readonly name: "gumbel";
  readonly location: number;
  readonly scale: number;
}

/** Euler's constant. */
const GAMMA = 0.5772156649015329;

// With u near 0 for large values: the other tail is so thin that it needs no fine variates.
const EVENT = [sub(LOCATION, mul(SCALE, log(neg(log1p(neg(X))))))];
const DISTANCE = div(sub(X, LOCATION), SCALE);
const LOG_DENSITY = sub(sub(neg(DISTANCE), exp(neg(DISTANCE))), log(SCALE));

/**
 * The Gumbel distribution, of largest values: P(X <= x) = exp(-exp(-(x - location) / scale)).
 *
 * @throws InputError unless location is a number and scale a positive one
 */
export function gumbel(location: number, scale: number): Gumbel {
  checkLocation(location, "location", "gumbel");
  checkScale(scale, "scale", "gumbel");
  return scalar<Gumbel>({
    own: {
      name: "gumbel",
      location,
      scale,
      mean: location + GAMMA * scale,
      variance: (Math.PI * scale) ** 2 / 6,
      logProb(x) {
        const distance = (x - location) / scale;
        const rarity = Math.exp(-distance);
        return rarity === Number.POSITIVE_INFINITY ? -rarity : -distance - rarity - Math.log(scale);
      },
      mode: () => location,
      entropy: () => Math.log(scale) + GAMMA + 1,
      tails: (x) => swapped(ofHazard(Math.exp((location - x) / scale), (location - x) / scale)),
      icdf: (p) => location - scale * Math.log(-Math.log(p)),
    },
    support: EVERYWHERE,
    model: () => ({
      variates: ["uniform"],
      event: EVENT,
      logDensity: LOG_DENSITY,
      parameters: { location, scale },
    }),
  });
}
