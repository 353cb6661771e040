// Gauss and Legendre's rule of 16 points on [-1, 1]: the positive points, and the weights of each pair (SciPy's roots_legendre(16)).
const POINTS = [
  0.09501250983763744, 0.2816035507792589, 0.45801677765722737, 0.6178762444026438, 0.755404408355003,
  0.8656312023878318, 0.9445750230732326, 0.9894009349916499,
];
const WEIGHTS = [
  0.1894506104550685, 0.18260341504492358, 0.16915651939500254, 0.14959598881657674, 0.12462897125553388,
  0.09515851168249279, 0.062253523938647894, 0.027152459411754096,
];

/** ∫ f from a to b, to f64's accuracy where f is smooth and does not change by much more than a factor of e^8. */
export function panel(f: (x: number) => number, a: number, b: number): number {
  const middle = (a + b) / 2;
  const half = (b - a) / 2;
  let sum = 0;
  POINTS.forEach((point, k) => {
    sum += (WEIGHTS[k] ?? 0) * (f(middle - half * point) + f(middle + half * point));
  });
  return sum * half;
}

/** The rule's points from a to b and their weights, for several functions of one panel. */
export function nodesOf(a: number, b: number): readonly (readonly [x: number, weight: number])[] {
  const [middle, half] = [(a + b) / 2, (b - a) / 2];
  return POINTS.flatMap((point, k) => {
    const weight = (WEIGHTS[k] ?? 0) * half;
    return [[middle - half * point, weight] as const, [middle + half * point, weight] as const];
  });
}

/**
 * The integral of a positive f from `from` to `end`, panel by panel, until what is left does not count: f falls from there on, by a
 * few powers of e over `width`, whose sign is the direction.
 */
export function fallingIntegral(f: (x: number) => number, from: number, width: number, end: number): number {
  let total = 0;
  let left = from;
  while (left !== end) {
    const next = left + width;
    const right = width > 0 ? Math.min(next, end) : Math.max(next, end);
    const part = Math.abs(panel(f, left, right));
    total += part;
    if (!(part > total * 1e-18) || right === left) break;
    left = right;
  }
  return total;
}
