/** Coefficients of 1, z, z² … */
export type Polynomial = readonly number[];

export function times(a: Polynomial, b: Polynomial): Polynomial {
  const product = new Array<number>(a.length + b.length - 1).fill(0);
  a.forEach((x, i) => {
    b.forEach((y, j) => {
      product[i + j] = (product[i + j] as number) + x * y;
    });
  });
  return product;
}

/** E[p(Z)] of a standard normal Z: E[z^k] is (k - 1)(k - 3) … 1 for even k. */
export function meanOf(p: Polynomial): number {
  let [sum, moment] = [0, 1];
  for (let k = 0; k < p.length; k += 2) {
    sum += moment * (p[k] as number);
    moment *= k + 1;
  }
  return sum;
}

/** Mean and variance of p(Z), and the variance of p(Z)'s squared distance from its mean. */
export function momentsOf(p: Polynomial): { mean: number; variance: number; varianceOfSquare: number } {
  const mean = meanOf(p);
  const centred = p.map((c, k) => (k === 0 ? c - mean : c));
  const square = times(centred, centred);
  const variance = meanOf(square);
  return { mean, variance, varianceOfSquare: meanOf(times(square, square)) - variance * variance };
}
