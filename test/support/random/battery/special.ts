const LANCZOS = [
  0.9999999999998099, 676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
  -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
];

/** log Γ(x), x >= 1/2, by Lanczos' approximation (g = 7, 9 terms), to about 1e-15 of its size. */
export function logGamma(x: number): number {
  const z = x - 1;
  const sum = LANCZOS.reduce((total, term, k) => total + (k === 0 ? term : term / (z + k)), 0);
  const t = z + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** The regularised upper incomplete gamma function Q(a, x) = Γ(a, x) / Γ(a), a >= 1/2. */
export function gammaUpper(a: number, x: number): number {
  if (x <= 0) return 1;
  return x < a + 1 ? 1 - lowerBySeries(a, x) : upperByFraction(a, x);
}

/** P(a, x) = x^a e^-x / Γ(a + 1) (1 + x/(a + 1) + x²/((a + 1)(a + 2)) + …), DLMF 8.11.4. */
function lowerBySeries(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= x / (a + k);
    sum += term;
  }
  return sum * Math.exp(a * Math.log(x) - x - logGamma(a + 1));
}

/** Q(a, x) by its continued fraction (DLMF 8.9.2), evaluated by Lentz' method. */
function upperByFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let value = d;
  for (let k = 1; k < 1e6; k++) {
    const an = k * (a - k);
    b += 2;
    d = 1 / (an * d + b);
    c = b + an / c;
    value *= c * d;
    if (!(Math.abs(c * d - 1) >= 1e-15)) break;
  }
  return value * Math.exp(a * Math.log(x) - x - logGamma(a));
}

/** P(Z > z) of a standard normal. */
export function normalUpper(z: number): number {
  const tail = 0.5 * gammaUpper(0.5, (z * z) / 2);
  return z >= 0 ? tail : 1 - tail;
}

/** P(X > x) of a chi-square with so many degrees of freedom. */
export function chiSquareUpper(x: number, freedom: number): number {
  return gammaUpper(freedom / 2, x / 2);
}

/** P(X > k) + P(X = k) / 2 of a Poisson variate: the p-value that is uniform on average. */
export function poissonUpper(k: number, mean: number): number {
  // P(X >= k) = 1 - Q(k, mean).
  const above = 1 - gammaUpper(k + 1, mean);
  const equal = Math.exp(k * Math.log(mean) - mean - logGamma(k + 1));
  return above + equal / 2;
}

/** Pearson's chi-square of counts against probabilities; cells expecting fewer than 10 join their neighbour. NaN for no counts. */
export function pearson(counts: ArrayLike<number>, probability: (cell: number) => number, total: number): number {
  if (total === 0) return Number.NaN;
  let chi = 0;
  let freedom = -1;
  let count = 0;
  let share = 0;
  let left = 1;
  for (let cell = 0; cell < counts.length; cell++) {
    count += counts[cell] ?? 0;
    share += probability(cell);
    left -= probability(cell);
    const last = cell === counts.length - 1;
    if (!last && (share * total < 10 || left * total < 10)) continue;
    chi += (count - share * total) ** 2 / (share * total);
    freedom++;
    count = 0;
    share = 0;
  }
  return chiSquareUpper(chi, freedom);
}
