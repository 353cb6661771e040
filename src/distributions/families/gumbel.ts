import { EULER } from "../../arithmetic/coefficients.ts";
import { lgamma } from "../../arithmetic/double-gamma.ts";
import { div, mul, neg, sub } from "../../expression/simplify.ts";
import { ofGumbels, renyiOfRates } from "../bregman/location-scale.ts";
import { checkLocation, checkScale } from "../checks.ts";
import type { ScalarDistribution } from "../distribution.ts";
import { EVERYWHERE, exp, LOCATION, log, log1p, SCALE, X } from "../formulas.ts";
import { type Growth, powerTerm, type Side } from "../growth.ts";
import { scalar } from "../make.ts";
import { times } from "../moments.ts";
import { located, locationNamed } from "../refined.ts";
import { atLeast } from "../saddle-point.ts";
import { ofHazard, swapped } from "../special/tails.ts";

export interface Gumbel extends ScalarDistribution {
  readonly name: "gumbel";
  readonly location: number;
  readonly scale: number;
}

// With u near 0 for large values: the other tail is so thin that it needs no fine variates.
const FALL = log(neg(log1p(neg(X))));
const EVENT = sub(LOCATION, mul(SCALE, FALL));
const CENTRE = locationNamed("location");
// Within f32, so that far to the left, where the density underflows, it is -Infinity and not Infinity less Infinity.
const DISTANCE = atLeast(div(CENTRE.distance(X), SCALE), -1e30);
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
      mean: location + EULER * scale,
      variance: (Math.PI * scale) ** 2 / 6,
      logProb(x) {
        const distance = (x - location) / scale;
        const rarity = Math.exp(-distance);
        return rarity === Number.POSITIVE_INFINITY ? -rarity : -distance - rarity - Math.log(scale);
      },
      mode: () => location,
      entropy: () => Math.log(scale) + EULER + 1,
      tails: (x) => swapped(ofHazard(Math.exp((location - x) / scale), (location - x) / scale)),
      icdf: (p) => location - scale * Math.log(-Math.log(p)),
    },
    support: EVERYWHERE,
    known: () => ({
      moments: () => ({
        exponential: (t, c) =>
          t * scale < 1 ? Math.exp(t * (location - c) + lgamma(1 - t * scale)) : Number.POSITIVE_INFINITY,
      }),
      meanLog(p) {
        const tail = p.exponential?.(-1 / scale, location);
        // Where that diverges there may be no mean.
        if (tail === undefined || tail === Number.POSITIVE_INFINITY) return times(-1, tail);
        return -Math.log(scale) - (p.mean - location) / scale - tail;
      },
      growth: (side) => growthOf(location, scale, side),
      placed: () => ({ location, scale, at: gumbel }),
      kl: (q) => ofGumbels((q.location - location) / q.scale, scale, q.scale),
      renyi: (q, alpha) => (scale === q.scale ? renyiOfRates((q.location - location) / scale, alpha) : undefined),
    }),
    model: () => ({
      variates: ["uniform"],
      ...located(EVENT, CENTRE, SCALE, neg(FALL), [location, scale]),
      logDensity: LOG_DENSITY,
      parameters: { location, ...CENTRE.parameters(location), scale },
    }),
  });
}

function growthOf(location: number, scale: number, side: Side): Growth {
  if (side === 1) return [powerTerm(1, -1 / scale)];
  // A power that f64 holds: only the sign of the coefficient counts, and whether two are equal.
  const exponent = Math.max(-700, Math.min(location / scale, 700));
  return [{ kind: "exponential", order: 1 / scale, by: -Math.exp(exponent) }, powerTerm(1, 1 / scale)];
}
