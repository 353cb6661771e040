/** exp(-x) I0(x) of the modified Bessel function, for x >= 0: DLMF 10.25.2 and, for large x, 10.40.1. */
export function scaledBessel(x: number): number {
  const large = x > 50;
  let [sum, term] = [1, 1];
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= large ? (2 * k - 1) ** 2 / (8 * k * x) : (x / (2 * k)) ** 2;
    sum += term;
  }
  return large ? sum / Math.sqrt(2 * Math.PI * x) : Math.exp(-x) * sum;
}
