// Sums and products with what rounding takes from them (T. Dekker, A floating-point technique for extending the available precision, 1971).

/** A number of twice f64's digits, as a sum whose second term is a rounding error of the first. */
export type Pair = readonly [high: number, low: number];

export function exactSum(a: number, b: number): Pair {
  const high = a + b;
  const part = high - a;
  return [high, a - (high - part) + (b - part)];
}

/** For factors below 2^996. */
export function exactProduct(a: number, b: number): Pair {
  const high = a * b;
  const [aHead, aTail] = halves(a);
  const [bHead, bTail] = halves(b);
  return [high, aTail * bTail - (high - aHead * bHead - aTail * bHead - aHead * bTail)];
}

/** 26 bits and the others. */
function halves(a: number): Pair {
  const scaled = 134217729 * a;
  const head = scaled - (scaled - a);
  return [head, a - head];
}
