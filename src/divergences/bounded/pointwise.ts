// Divergences between p and q as means under their even mixture m = (p + q) / 2: functions of t = log(q / p), which are bounded but for
// Rényi's of order above 1. With s = |p - q| / (p + q) = tanh(|t| / 2).

/** ½ (p log(p / m) + q log(q / m)) / m = ½ ((1 + s) log(1 + s) + (1 - s) log(1 - s)): at most log 2. */
export function jensenShannonAt(t: number): number {
  const e = Math.exp(-Math.abs(t));
  const s = -Math.expm1(-Math.abs(t)) / (1 + e);
  if (s < 0.3) {
    // Σ s^(2k) / (2k (2k - 1))
    let sum = 0;
    for (let k = 17; k >= 1; k--) sum = (sum + 1 / (2 * k * (2 * k - 1))) * s * s;
    return sum;
  }
  const log = Math.log1p(e);
  const rest = e === 0 ? 0 : ((2 * e) / (1 + e)) * (Math.LN2 - Math.abs(t) - log);
  return 0.5 * ((1 + s) * (Math.LN2 - log) + rest);
}

/** ½ |p - q| / m = s */
export function totalVariationAt(t: number): number {
  return -Math.expm1(-Math.abs(t)) / (1 + Math.exp(-Math.abs(t)));
}

/** ½ (√p - √q)² / m */
export function squaredHellingerAt(t: number): number {
  const root = Math.exp(-Math.abs(t) / 2);
  return Math.expm1(-Math.abs(t) / 2) ** 2 / (1 + root * root);
}

/** (p^α q^(1 - α) - α p - (1 - α) q) / m: its mean is exp((α - 1) D) - 1, and it has one sign. */
export function renyiAt(t: number, alpha: number): number {
  const log = Math.log1p(Math.exp(-Math.abs(t)));
  const [logP, logQ] = [-Math.max(t, 0) - log, Math.min(t, 0) - log];
  return 2 * (Math.exp(alpha * logP + (1 - alpha) * logQ) - alpha * Math.exp(logP) - (1 - alpha) * Math.exp(logQ));
}
