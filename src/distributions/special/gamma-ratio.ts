/** Coefficients of Stirling's series for log Γ, of 1 / x and of 1 / x³, 1 / x⁵, … (DLMF 5.11.1). */
const STIRLING_FIRST = 1 / 12;
const STIRLING_OTHERS = [-1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156];

/** From here on the series has f64's accuracy. */
const LARGE = 12;

/** log Γ(x + d) - log Γ(x) for x > 0 and d >= 0, of the order of d where d is small. */
export function logGammaRatio(x: number, d: number): number {
  let below = 0;
  let from = x;
  for (; from < LARGE; from++) below += Math.log1p(d / from);
  const to = from + d;
  // The differences p^k - q^k of p = 1 / to and q = 1 / from, k = 1, 3, …, are p - q times Σ p^i q^(k - 1 - i).
  const [p, q] = [1 / to, 1 / from];
  let [sum, qPower, rest] = [1, 1, STIRLING_FIRST];
  for (const coefficient of STIRLING_OTHERS) {
    qPower *= q * q;
    sum = sum * p * p + qPower * (1 + p / q);
    rest += coefficient * sum;
  }
  return (from - 0.5) * Math.log1p(d / from) + d * (Math.log(to) - 1) - d * p * q * rest - below;
}
