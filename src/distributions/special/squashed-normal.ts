import { LOG_2PI } from "../formulas.ts";
import { exactProduct, exactSum } from "./double-double.ts";
import { logLess } from "./logarithms.ts";
import { nodesOf } from "./quadrature.ts";
import { logSumExp } from "./tails.ts";

/** Of tanh Z, Z normal. */
export interface SquashedNormal {
  readonly mean: number;
  readonly variance: number;
  readonly standardDeviation: number;
  entropy(): number;
}

/**
 * Z = m + s N. With d = s |N|, Q = 1 - tanh² m and V = 1 + Q sinh² d the half sum of tanh(m + d) and tanh(m - d) is tanh(m) / V, their half difference
 * Q sinh d cosh d / V, and cosh(m + d) cosh(m - d) = cosh² m V: addition theorems. So the moments are means over |N| of functions that are positive,
 * and nothing cancels.
 */
export function squashedNormal(m: number, s: number): SquashedNormal {
  const places = nodesAt(Math.abs(m), s);
  // The logarithm of a mean, of a function's logarithm
  const logMean = (log: (place: Node) => number) => logSumExp(places.map((place) => place.logWeight + log(place)));
  const square = logMean(({ logShare, logTangent }) => 2 * (logShare - logTangent));
  const [share, shareSquare] = [logMean(({ logShare }) => logShare), logMean(({ logShare }) => 2 * logShare)];
  const tangent = Math.tanh(m);
  const varied = tangent ** 2 * (Math.exp(shareSquare - square) - Math.exp(2 * share - square));
  return {
    mean: tangent * Math.min(Math.exp(logMean(({ logRest }) => logRest)), 1),
    variance: Math.exp(square) * (1 + varied),
    standardDeviation: Math.exp(square / 2) * Math.sqrt(1 + varied),
    entropy() {
      // log V is as small as V - 1 where that has no digits next to 1.
      const logGrowth = logMean(({ logShare, logRest }) => (logShare < -40 ? logShare : Math.log(-logRest)));
      return (LOG_2PI + 1) / 2 + Math.log(s) + logSlopeAt(m) - Math.exp(logGrowth);
    },
  };
}

/** A d = s |N|, by logarithms: of its weight in a mean, of 1 - 1 / V and 1 / V, and of tanh d. */
interface Node {
  readonly logWeight: number;
  readonly logShare: number;
  readonly logRest: number;
  readonly logTangent: number;
}

/** How far from d = m functions of d are still bent: there they have poles at a distance of pi / 2 from the line. */
const BEND = 20;

/** What is only farther out has no f64, squares and roots included. */
const MOST_MEANT = 50;

/** Deviations up to which the trapezoidal rule has fewer points than panels have. */
const MOST_STEPPED = 4;

function nodesAt(m: number, s: number): readonly Node[] {
  // Tails are weighed by exp(4 d) at most, up to d = m.
  const end = 10 + Math.min(4 * s, (m + BEND) / s, MOST_MEANT);
  const nodes = s <= MOST_STEPPED ? stepsTo(end, s) : panelsTo(end, m, s);
  const logEven = Math.log1p(Math.exp(-2 * m));
  return nodes.map(([u, weight]) => {
    const d = s * u;
    const fall = Math.expm1(-2 * d);
    // log (V - 1)
    const logExcess = 2 * (d - m + Math.log(-fall) - logEven);
    const logRest = -softplus(logExcess);
    return {
      logWeight: Math.log(weight) - (u * u) / 2 + Math.LN2 - LOG_2PI / 2,
      logShare: logExcess + logRest,
      logRest,
      logTangent: Math.log(-fall / (2 + fall)),
    };
  });
}

/**
 * The trapezoidal rule of even functions: its errors are of the order of exp(-2 pi a / h), a the distance of the nearest pole, here pi / (2 s), and
 * exp(-2 pi² / h²) for the normal density (L. Trefethen and J. Weideman, 2014).
 */
function stepsTo(end: number, s: number): readonly (readonly [u: number, weight: number])[] {
  const h = Math.min(0.5, 0.2 / s);
  // At 0 itself there is no logarithm of d: half a step further the rule is as good.
  return Array.from({ length: Math.ceil(end / h) }, (_, k) => [(k + 0.5) * h, h] as const);
}

function panelsTo(end: number, m: number, s: number): readonly (readonly [u: number, weight: number])[] {
  const [from, to] = [m - BEND, m + BEND].map((d) => Math.min(Math.max(d / s, 0), end)) as [number, number];
  const before = m < FARTHEST ? 2 / s : 0.5;
  return [...panelsOf(0, from, before), ...panelsOf(from, to, 2 / s), ...panelsOf(to, end, 0.5)];
}

/** Of a mean beyond this what grows as exp(4 d) before the bend is nothing in f64, unless next to it. */
const FARTHEST = 400;

function panelsOf(from: number, to: number, most: number): readonly (readonly [u: number, weight: number])[] {
  const count = Math.ceil((to - from) / most);
  const at = (k: number) => from + ((to - from) * k) / count;
  return Array.from({ length: count }, (_, k) => nodesOf(at(k), at(k + 1))).flat();
}

/** log(1 - tanh² z) */
export function logSlopeAt(z: number): number {
  const size = Math.abs(z);
  return size < 1 ? -Math.log1p(Math.sinh(size) ** 2) : 2 * (Math.LN2 - size - Math.log1p(Math.exp(-2 * size)));
}

function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** Up to this size atanh x - x is a few terms. */
const SMALL = 2 ** -7;

/** atanh x - y, to about 1e-19 where the two nearly cancel, for x between -1 and 1. */
export function atanhLess(x: number, y: number): number {
  if (Math.abs(x) < SMALL) {
    const t = x * x;
    return x - y + x * t * (1 / 3 + t * (1 / 5 + t * (1 / 7 + t * (1 / 9 + t / 11))));
  }
  if (x < 0) return -atanhLess(-x, -y);
  // (1 + x) / (1 - x), each of whose parts leaves a rest.
  const [above, aboveRest] = exactSum(1, x);
  const [below, belowRest] = exactSum(1, -x);
  const ratio = above / below;
  const [product, error] = exactProduct(ratio, below);
  const rest = (above - product - error) / above + aboveRest / above - belowRest / below;
  return (logLess(ratio, 2 * y) + rest) / 2;
}
