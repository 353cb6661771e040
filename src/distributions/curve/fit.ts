import { bitsOf, f32 } from "../../arithmetic/bits.ts";
import { LEAST_NORMAL } from "../../arithmetic/range.ts";
import { CONSTANT, type Curve, DEGREE, RECORD, UNIT_BIAS } from "./curve.ts";
import { exponentOf, OCTAVE } from "./keys.ts";
import { interpolated, valueIn } from "./polynomial.ts";

/** A point of a function: a number's place among the keys, and the value there. */
export interface Point {
  readonly place: number;
  readonly value: number;
}

/** A monotone function of f32 numbers. */
export interface Source {
  /** A point within `slack` of a place, or, where the function changes at whole numbers only, the closest. */
  near(place: number, slack: number): Point;
  /** The value at a key. */
  at(key: number): number;
}

/** Largest error of a piece, relative to the value, or to the smallest normal f32 below that. */
const TOLERANCE = 3e-7;

/** How many times the value its terms may add up to: each rounding of a term then weighs at most as many ulps. */
const MOST_CANCELLED = 3;

/** How many times its smallest value a piece's largest may be, unless it begins at 0: near that end the points tell less of relative errors. */
const MOST_GROWTH = 16;

/** How far from its place a point may be, as a share of the distance between two. */
const SLACK = 0.05;
const END_SLACK = 0.0005;

/** Pieces from which on a function is taken to be noise, and what fits worse is taken too. */
const MOST_PIECES = 8_192;

/** A span of keys whose length is a power of 2, and a multiple of it the start. */
interface Span {
  readonly start: number;
  readonly length: number;
  /** DEGREE + 1 points evenly spaced from end to end. */
  readonly nodes: readonly Point[];
}

/**
 * The function as polynomials, each checked in f32 at its nodes and half-way between them: a span where none holds is halved, down to single keys.
 * A polynomial never runs across a power of 2, where places bend; one value may.
 *
 * A monotone function cannot hide a step between the points, because all later values would be off by it.
 */
export function fitted(source: Source): Pick<Curve, "starts" | "records"> {
  const pieces = new Map<number, readonly number[]>();
  let spans: readonly Span[] = [everything(source)];
  while (spans.length > 0) {
    const crowded = pieces.size + spans.length > MOST_PIECES;
    spans = spans.flatMap((span) => {
      const { start, length } = span;
      const points = length === 1 ? [] : withMiddles(source, span);
      const record = recordOf(span, points, crowded);
      if (!record && length > 1 && !crowded) return halves(span, points);
      pieces.set(start, record ?? constant(source.at(start)));
      return [];
    });
  }
  return joined(pieces);
}

/** All keys; those beyond infinity's hold what it has. */
function everything(source: Source): Span {
  const length = 2 ** 32;
  const step = length / DEGREE;
  const nodes = Array.from({ length: DEGREE + 1 }, (_, k) => source.near(k * step, SLACK * step));
  return { start: 0, length, nodes };
}

function withMiddles(source: Source, { start, length, nodes }: Span): readonly Point[] {
  const step = length / DEGREE / 2;
  return Array.from({ length: 2 * DEGREE + 1 }, (_, k) => {
    const place = start + k * step;
    // Beyond an end may begin another octave.
    const slack = (k === 0 || k === 2 * DEGREE ? END_SLACK : SLACK) * step;
    const node = k % 2 === 0 ? nodes[k / 2] : undefined;
    // What was close to a place of a longer span may be far from this one's.
    return node && Math.abs(node.place - place) <= slack ? node : source.near(place, slack);
  });
}

function halves({ start, length }: Span, points: readonly Point[]): readonly Span[] {
  const half = length / 2;
  return [
    { start, length: half, nodes: points.slice(0, DEGREE + 1) },
    { start: start + half, length: half, nodes: points.slice(DEGREE) },
  ];
}

/** In the order of the keys, and equal values as one piece. */
function joined(pieces: ReadonlyMap<number, readonly number[]>): Pick<Curve, "starts" | "records"> {
  const ascending = [...pieces].sort(([a], [b]) => a - b);
  const kept = ascending.filter(([, record], k) => {
    const before = ascending[k - 1]?.[1];
    const same = before && record.at(-1) === CONSTANT && before.at(-1) === CONSTANT && record[0] === before[0];
    return !same;
  });
  return {
    starts: Uint32Array.from(kept, ([start]) => start),
    records: Uint32Array.from(kept.flatMap(([, record]) => record)),
  };
}

function constant(value: number): readonly number[] {
  return [bitsOf(value), ...new Array<number>(RECORD - 2).fill(0), CONSTANT];
}

/** What holds at all the points of a span, if anything does. */
function recordOf({ start, length }: Span, points: readonly Point[], any: boolean) {
  const [first, middle, last] = [points[0], points[DEGREE], points.at(-1)];
  if (!first || !middle || !last) return undefined;
  const largest = Math.max(Math.abs(f32(first.value)), Math.abs(f32(last.value)));
  const apart = Math.abs(last.value - first.value);
  if (f32(first.value) === f32(last.value)) return constant(middle.value);
  if (largest === Number.POSITIVE_INFINITY) return undefined;
  if (apart <= TOLERANCE * largest) return constant(middle.value);
  if (length > OCTAVE) return undefined;
  const nearest = Math.abs(first.value) < Math.abs(last.value) ? first : last;
  const origin = nearest === first ? start : start + length;
  const grows = nearest.value === 0 && nearest.place === origin;
  if (!grows && largest > MOST_GROWTH * Math.max(Math.abs(nearest.value), LEAST_NORMAL)) return undefined;
  const exponent = Math.max(exponentOf(largest), -149);
  const unit = 2 ** exponent;
  const scaled = points.map(({ place, value }) => ({ t: f32((place - origin) / length), value: value / unit }));
  const coefficients = interpolated(scaled.filter((_, k) => k % 2 === 0)).map(f32);
  const holds = scaled.every(({ t, value }) => {
    const { sum, terms } = valueIn(coefficients, t);
    const size = Math.max(Math.abs(value), LEAST_NORMAL / unit);
    return Math.abs(sum - value) <= TOLERANCE * size && terms <= MOST_CANCELLED * size;
  });
  if (!holds && !any) return undefined;
  return [...coefficients.map(bitsOf), origin, (exponent + UNIT_BIAS) * 256 + Math.log2(length)];
}
