// Kronrod's rule of 15 points on [-1, 1] (QUADPACK's qk15): the nodes from 0 outwards, their weights, and the weights of Gauss's rule
// of seven points, which every other node is of.
const NODES = [
  0, 0.20778495500789848, 0.4058451513773972, 0.5860872354676911, 0.7415311855993945, 0.8648644233597691,
  0.9491079123427585, 0.9914553711208126,
];
const KRONROD = [
  0.20948214108472782, 0.20443294007529889, 0.19035057806478542, 0.1690047266392679, 0.14065325971552592,
  0.10479001032225017, 0.06309209262997856, 0.022935322010529224,
];
const GAUSS = [0.4179591836734694, 0, 0.3818300505051189, 0, 0.27970539148927664, 0, 0.1294849661688697, 0];

interface Piece {
  readonly from: number;
  readonly to: number;
  readonly value: number;
  readonly error: number;
}

/** An integral and how far off it may be. */
export interface Integral {
  readonly value: number;
  readonly error: number;
}

/** At a kink both rules may err alike: what halving a piece changed, which a kink's half keeps a quarter of, counts as well. */
const UNSEEN = 0.25;

/** Below a few roundings of the value itself there is nothing to gain. */
const ROUNDING = 8 * Number.EPSILON;

/** Most pieces: each is 15 values. */
const MOST_PIECES = 2_000;

/**
 * The integral of f over neighbouring intervals, halving whichever piece has the largest error until the sum of errors is at most
 * `tolerance`.
 */
export function integrate(f: (x: number) => number, points: readonly number[], tolerance: number): Integral {
  // Halved at once: no piece is believed at one look.
  const pieces = points.slice(1).flatMap((to, k) => halvesOf(f, pieceOf(f, points[k] ?? to, to)));
  while (pieces.length < MOST_PIECES) {
    const error = pieces.reduce((sum, piece) => sum + piece.error, 0);
    if (!(error > tolerance)) break;
    const worst = pieces.reduce((most, piece, k) => (piece.error > (pieces[most]?.error ?? 0) ? k : most), 0);
    const halves = halvesOf(f, pieces[worst] as Piece);
    if (halves.length === 1) break;
    pieces.splice(worst, 1, ...halves);
  }
  return {
    value: pieces.reduce((sum, piece) => sum + piece.value, 0),
    error: pieces.reduce((sum, piece) => sum + piece.error, 0),
  };
}

/** Both halves of a piece, or itself where no number lies between its ends. */
function halvesOf(f: (x: number) => number, whole: Piece): readonly Piece[] {
  const { from, to, value } = whole;
  const middle = from + (to - from) / 2;
  if (middle <= from || middle >= to) return [whole];
  const halves = [pieceOf(f, from, middle), pieceOf(f, middle, to)];
  const changed = Math.abs(halves.reduce((sum, half) => sum + half.value, -value));
  const missed = UNSEEN * Math.max(0, changed - ROUNDING * Math.abs(value));
  return halves.map((half) => ({ ...half, error: Math.max(half.error, missed) }));
}

function pieceOf(f: (x: number) => number, from: number, to: number): Piece {
  const half = (to - from) / 2;
  const middle = from + half;
  let [kronrod, gauss] = [0, 0];
  NODES.forEach((node, k) => {
    const value = node === 0 ? f(middle) : f(middle - half * node) + f(middle + half * node);
    kronrod += (KRONROD[k] ?? 0) * value;
    gauss += (GAUSS[k] ?? 0) * value;
  });
  const error = Math.max(0, Math.abs(kronrod - gauss) - ROUNDING * Math.abs(kronrod));
  return { from, to, value: kronrod * half, error: error * half };
}
