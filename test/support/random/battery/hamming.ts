import { chiSquareUpper, pearson } from "./special.ts";
import { BLOCK, type Statistic, weight } from "./statistic.ts";

const LAGS = 16;

/**
 * Hamming weights: how many words have 0, 1, … 32 ones (binomial), and the autocorrelations of these numbers at
 * lags 1 to 16: their products have mean 0 and variance 8², and are uncorrelated.
 */
export function hammingWeights(): Statistic {
  const counts = new Float64Array(33);
  const sums = new Float64Array(LAGS);
  const terms = new Float64Array(LAGS);
  // The weights, less 16, of the end of the last block and of this one.
  const weights = new Int32Array(LAGS + BLOCK);
  let total = 0;
  return {
    add(words) {
      for (let k = 0; k < words.length; k++) {
        const ones = weight(words[k] as number);
        counts[ones] = (counts[ones] as number) + 1;
        weights[LAGS + k] = ones - 16;
      }
      for (let lag = 1; lag <= LAGS; lag++) {
        let sum = 0;
        for (let k = LAGS; k < LAGS + words.length; k++) {
          sum += (weights[k] as number) * (weights[k - lag] as number);
        }
        sums[lag - 1] = (sums[lag - 1] as number) + sum;
        terms[lag - 1] = Math.max(0, total + words.length - lag);
      }
      weights.copyWithin(0, words.length, words.length + LAGS);
      total += words.length;
    },
    results() {
      const chi = sums.reduce((squares, sum, k) => squares + sum ** 2 / (64 * (terms[k] as number)), 0);
      return [
        { test: "Hamming weights", p: pearson(counts, binomial, total) },
        { test: "Hamming weight autocorrelation", p: chiSquareUpper(chi, LAGS) },
      ];
    },
  };
}

/** P(k ones of 32 bits). */
function binomial(k: number): number {
  let ways = 1;
  for (let i = 0; i < k; i++) ways = (ways * (32 - i)) / (i + 1);
  return ways / 2 ** 32;
}
