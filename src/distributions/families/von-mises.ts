import { call, number, parameter, variable } from "../../expression/expr.ts";
import { add, mul, neg, select, sub } from "../../expression/simplify.ts";
import { besselGap, meanCosine } from "../bregman/bessel.ts";
import { checkLocation, checkScaleOrZero } from "../checks.ts";
import type { ScalarDistribution, Support } from "../distribution.ts";
import { abs, LOCATION, square, X } from "../formulas.ts";
import { type Formulas, scalar } from "../make.ts";
import { plus, times } from "../moments.ts";
import { isCoarse, locationNamed, spacingAt } from "../refined.ts";
import { happensWith } from "../saddle-point.ts";
import { scaledBessel } from "../special/bessel.ts";
import { halfTurn } from "../special/half-turn.ts";
import { lineOf } from "../special/von-mises-line.ts";

export interface VonMises extends ScalarDistribution {
  readonly name: "vonMises";
  /** The angle of largest density, in radians. */
  readonly location: number;
  readonly concentration: number;
  /** 1 - |E exp(iX)|, which is 0 where all angles are one, and does not depend on where the circle is cut. */
  readonly circularVariance: number;
}

const SUPPORT: Support = { kind: "interval", low: -Math.PI, high: Math.PI };

/**
 * The von Mises distribution of angles in radians, from -π to π: of the order of a normal's density around `location`, on a circle. The
 * location may be any angle. `mean`, `variance` and `cdf` are those of the angle as a number from -π to π; for the circle's own there are
 * `location` and `circularVariance`.
 *
 * @throws InputError unless location is a number and concentration a positive one, or 0, of which all angles are alike
 */
export function vonMises(location: number, concentration: number): VonMises {
  checkLocation(location, "location", "vonMises");
  checkScaleOrZero(concentration, "concentration", "vonMises");
  const centre = wrapped(location);
  const line = lineOf(concentration);
  const logScale = -Math.log(2 * Math.PI * scaledBessel(concentration));
  const moments = line.momentsAround(centre);
  return scalar<VonMises>({
    own: {
      name: "vonMises",
      location,
      concentration,
      mean: moments.mean,
      variance: moments.variance,
      circularVariance: line.circularVariance,
      logProb: (x) => logScale - 2 * concentration * Math.sin((x - centre) / 2) ** 2,
      mode: () => (concentration > 0 ? centre : -Math.PI),
      entropy: () => concentration * line.circularVariance - logScale,
      tails: (x) => line.tails(x, centre),
      icdf: (p) => line.quantile(centre, p),
    },
    support: SUPPORT,
    known: (of) => ({
      moments: () => ({
        versine(c) {
          const spread = 1 - meanCosine(concentration);
          const turned = 2 * halfTurn(location, c).sine ** 2;
          return spread + (1 - spread) * turned;
        },
      }),
      meanLog(p) {
        const peak = -Math.log(2 * Math.PI * scaledBessel(concentration));
        return plus(peak, times(-concentration, p.versine?.(location)));
      },
      growth: () => [],
      kl(q) {
        const turned = 2 * halfTurn(location, q.location).sine ** 2;
        return besselGap(concentration, q.concentration) + q.concentration * meanCosine(concentration) * turned;
      },
      renyi: (q, alpha) => renyiOf(of, q, alpha),
    }),
    model: () => modelOf(centre, concentration, logScale),
  });
}

/** An angle from -π to below π. */
function wrapped(angle: number): number {
  if (angle >= -Math.PI && angle < Math.PI) return angle;
  // Sine and cosine know the turns of any f64, which no product with the number π does.
  const turned = Math.atan2(Math.sin(angle), Math.cos(angle));
  return turned >= Math.PI ? -Math.PI : turned;
}

// cos(a) - 1 = -2 sin(a / 2)², which keeps the digits of small angles.
const CONCENTRATION = parameter("concentration");
const fall = (angle: typeof X) => mul(mul(number(2), CONCENTRATION), square(call("sin", mul(number(0.5), angle))));
const CENTRE = locationNamed("location");
/** The same angle a turn away, on the other side of the circle's cut. */
const OTHER_CENTRE = locationNamed("otherLocation");
const NEARER = call("le", abs(CENTRE.distance(X)), number(Math.PI));
const LOG_DENSITY = sub(parameter("logPeak"), fall(select(NEARER, CENTRE.distance(X), OTHER_CENTRE.distance(X))));

/** The largest f32 below π: as the nearest one is above it, samples end here. */
const LAST = 13176794 * 2 ** -22;
const TURN = number(2 * Math.PI);

// Below this concentration an even angle is accepted more often than a normal one.
const FLAT = 0.3;

function modelOf(location: number, concentration: number, logPeak: number): Formulas {
  const flat = concentration < FLAT;
  // A normal of std π / (2 sqrt(concentration)) lies above the density, since cos(a) - 1 <= -2 a² / π² up to π; at least 63 in 100 are accepted.
  const angle = flat ? mul(number(2 * Math.PI), sub(variable(0), number(0.5))) : mul(parameter("stretch"), variable(0));
  const within = call("le", abs(angle), number(LAST));
  const logProbability = flat ? neg(fall(angle)) : sub(mul(number(0.5), square(variable(0))), fall(angle));
  const turned = add(angle, LOCATION);
  const above = select(call("gt", turned, number(LAST)), sub(turned, TURN), turned);
  const around = select(call("lt", above, number(-LAST)), add(above, TURN), above);
  return {
    variates: [flat ? "uniform" : "normal", "uniform"],
    rejections: [{ variates: [0, 1], accept: call("and", within, happensWith(variable(1), logProbability)) }],
    event: [call("min", call("max", around, number(-LAST)), number(LAST))],
    ...refinedOf(location, concentration),
    logDensity: LOG_DENSITY,
    // From one end of the circle to the other.
    jumps: true,
    parameters: {
      location,
      ...CENTRE.parameters(location),
      ...OTHER_CENTRE.parameters(location + (location < 0 ? 2 : -2) * Math.PI),
      concentration,
      logPeak,
      ...(flat ? {} : { stretch: Math.PI / (2 * Math.sqrt(concentration)) }),
    },
  };
}

/** Standard deviations from the location beyond which nothing is drawn. */
const FARTHEST = 16;

/** The distance from the location where samples are close together, and as long as none goes round the circle. */
function refinedOf(location: number, concentration: number): Pick<Formulas, "refined"> {
  const spread = 1 / Math.sqrt(concentration);
  if (concentration < FLAT || !isCoarse(location, spread)) return {};
  if (Math.abs(location) + FARTHEST * spread > LAST) {
    return { refined: [{ coarseness: spacingAt(location) / spread }] };
  }
  return { refined: [{ shifted: { origin: location, scale: spread, unit: mul(number(Math.PI / 2), variable(0)) } }] };
}

// p^α q^(1 - α) is a von Mises density but for a factor; its concentration is the length of the weighted sum.
function renyiOf(p: VonMises, q: VonMises, alpha: number): number {
  const [a, b] = [alpha * p.concentration, (1 - alpha) * q.concentration];
  const { sine, cosine } = halfTurn(p.location, q.location);
  const straight = Math.abs(a + b);
  const joint = Math.hypot((a + b) * cosine, (a - b) * sine);
  // a + b - joint, as far as the directions differ
  const turned = joint === 0 ? straight : (4 * a * b * sine ** 2) / (straight + joint);
  const shortened = turned + (a + b - straight);
  const apart = p.concentration - q.concentration;
  const gapOf = (concentration: number, straightBy: number) => {
    const isAhead = a + b > 0;
    return besselGap(joint, concentration, isAhead ? straightBy + turned : concentration - joint);
  };
  const own = alpha * gapOf(p.concentration, (1 - alpha) * apart);
  const gaps = own + (1 - alpha) * gapOf(q.concentration, -alpha * apart);
  // Tangents at the joint concentration, of which the slopes' parts cancel but for what is shortened.
  return (gaps + meanCosine(joint) * shortened) / (1 - alpha);
}
