// Variances of softmax((log p + g) / t) of independent standard Gumbel variates g at high temperatures t, where they are differences of moments
// that hardly differ: the series in e = 1 / t of the integrals of gumbel-shares.ts. With c = softmax(log p / t) and T = c[j] z, Taylor's series of
// E exp(-T exp(e g)) is exp(-T) times a polynomial in e and T, by derivatives of exp(-exp(x)): Bell's polynomials. Products of such polynomials
// are integrated term by term, z^m exp(-z) to m!.

/** From here on the series has f64's digits; below, the integrals' differences keep all but three. */
export const SERIES_FROM = 32;

const ORDER = 13;

/** ζ(2) … ζ(13), the cumulants of a Gumbel variate over (n - 1)! (mpmath 1.3). */
const ZETA = [
  1.6449340668482264, 1.2020569031595942, 1.0823232337111381, 1.03692775514337, 1.0173430619844492, 1.008349277381923,
  1.0040773561979444, 1.0020083928260821, 1.000994575127818, 1.0004941886041194, 1.000246086553308, 1.0001227133475785,
];

/** Coefficients of e^n z^m at [n][m]. */
type Polynomial = readonly Float64Array[];

const ONE: Polynomial = Array.from({ length: ORDER + 1 }, (_, n) => Float64Array.of(Number(n === 0)));

/** Central moments of a Gumbel variate over n!, from its cumulants: n m[n] = Σ k κ[k] m[n - k] with both over factorials. */
const MOMENTS = ZETA.reduce<number[]>(
  (moments, _, k) => {
    const n = k + 2;
    let sum = 0;
    for (let i = 2; i <= n; i++) sum += (ZETA[i - 2] as number) * (moments[n - i] as number);
    moments.push(sum / n);
    return moments;
  },
  [1, 0],
);

/** Stirling's numbers of the second kind. */
const STIRLING = Array.from({ length: ORDER }).reduce<number[][]>(
  (rows) => {
    const last = rows.at(-1) as number[];
    rows.push([0, ...last].map((before, k) => before + k * (last[k] ?? 0)));
    return rows;
  },
  [[1]],
);

const FACTORIALS = Array.from({ length: ORDER + 3 }).reduce<number[]>(
  (all) => {
    all.push((all.at(-1) as number) * all.length);
    return all;
  },
  [1],
);

/** @param logs - logarithms of probabilities that add up to 1 */
export function varianceOfManyNoises(logs: readonly number[], temperature: number): readonly number[] {
  const peak = logs.reduce((most, log) => Math.max(most, log), Number.NEGATIVE_INFINITY);
  const sizes = logs.map((log) => Math.exp((log - peak) / temperature));
  const shares = sizes.map((size) => size / sizes.reduce((sum, one) => sum + one, 0));
  const own = shares.map(transformOf);
  const before = productsOf(own);
  const after = productsOf(own.toReversed()).toReversed();
  return shares.map((share, k) => {
    const others = times(before[k] as Polynomial, after[k] as Polynomial);
    const rest = shares.reduce((sum, other, j) => (j === k ? sum : sum + other), 0);
    const mine = own[k] as Polynomial;
    const square = integral(secondOf(mine, share), others);
    const restSquare = integral(mine, secondOf(others, rest));
    const both = integral(firstOf(mine, share), firstOf(others, rest));
    let variance = 0;
    for (let n = ORDER; n >= 2; n--) {
      let term = 0;
      for (let i = 0; i <= n; i++) {
        term += (square[i] as number) * (restSquare[n - i] as number) - (both[i] as number) * (both[n - i] as number);
      }
      variance = (variance + term) / temperature;
    }
    return variance / temperature;
  });
}

/** E exp(-c z exp(e g)) / exp(-c z) */
function transformOf(c: number): Polynomial {
  return MOMENTS.map((moment, n) => Float64Array.from(STIRLING[n] as number[], (s, k) => moment * s * (-c) ** k));
}

/** Products of those before each. */
function productsOf(all: readonly Polynomial[]): readonly Polynomial[] {
  const products = [ONE];
  for (const one of all.slice(0, -1)) products.push(times(products.at(-1) as Polynomial, one));
  return products;
}

function times(a: Polynomial, b: Polynomial): Polynomial {
  return a.map((_, n) => {
    const made = new Float64Array(n + 1);
    eachProduct(a, b, n, (coefficient, m) => {
      made[m] = (made[m] as number) + coefficient;
    });
    return made;
  });
}

/** Of each power of e, the integral of a b exp(-z) / z. */
function integral(a: Polynomial, b: Polynomial): readonly number[] {
  return a.map((_, n) => {
    let sum = 0;
    eachProduct(a, b, n, (coefficient, m) => {
      if (m > 0) sum += coefficient * (FACTORIALS[m - 1] as number);
    });
    return sum;
  });
}

function eachProduct(a: Polynomial, b: Polynomial, n: number, each: (coefficient: number, m: number) => void): void {
  for (let i = 0; i <= n; i++) {
    const [left, right] = [a[i] as Float64Array, b[n - i] as Float64Array];
    left.forEach((x, p) => {
      right.forEach((y, q) => void each(x * y, p + q));
    });
  }
}

/** z d/dz of f exp(-c z), over exp(-c z). */
function firstOf(f: Polynomial, c: number): Polynomial {
  return f.map((own) =>
    Float64Array.from({ length: own.length + 1 }, (_, m) => m * (own[m] ?? 0) - c * (own[m - 1] ?? 0)),
  );
}

/** z² d²/dz² of f exp(-c z), over exp(-c z). */
function secondOf(f: Polynomial, c: number): Polynomial {
  return f.map((own) =>
    Float64Array.from(
      { length: own.length + 2 },
      (_, m) => m * (m - 1) * (own[m] ?? 0) - 2 * c * (m - 1) * (own[m - 1] ?? 0) + c * c * (own[m - 2] ?? 0),
    ),
  );
}
