import { LN2_HIGH_64, LN2_LOW_64 } from "../../arithmetic/coefficients.ts";
import { exactProduct, exactSum } from "./double-double.ts";

/** log(x / scale) for positive numbers, with its relative accuracy also where they are near each other, or their ratio is beyond f64. */
export function logRatio(x: number, scale: number): number {
  const distance = x - scale;
  if (Math.abs(distance) < 0.5 * scale) return Math.log1p(distance / scale);
  const ratio = x / scale;
  return ratio > 1e-300 && ratio < 1e300 ? Math.log(ratio) : Math.log(x) - Math.log(scale);
}

/** log x - y for positive x, to about 1e-19 where the two nearly cancel. */
export function logLess(x: number, y: number): number {
  const log = Math.log(x);
  if (!(Math.abs(log - y) < Math.abs(y) / 64)) return log - y;
  // x = m 2^k with m from sqrt(1/2) to sqrt(2), and log m = 2 (s + s³/3 + s⁵/5 + …) with s = (m - 1) / (m + 1).
  const k = Math.round(log / Math.LN2);
  const m = k < -1000 ? (x * 2 ** 100) / 2 ** (k + 100) : x / 2 ** k;
  const [below, rest] = exactSum(m, 1);
  const s = (m - 1) / below;
  const [product, error] = exactProduct(s, below);
  const sRest = (m - 1 - product - error - s * rest) / below;
  const [square, squareRest] = exactProduct(s, s);
  const [cube, cubeRest] = exactProduct(s, square);
  const third = (2 * cube) / 3;
  const [thrice, thriceRest] = exactProduct(3, third);
  const thirdRest = (2 * cube - thrice - thriceRest + 2 * (cubeRest + s * squareRest)) / 3;
  let series = 0;
  for (let n = 25; n >= 5; n -= 2) series = series * square + 2 / n;
  const [first, firstRest] = exactSum(k * LN2_HIGH_64, -y);
  const [second, secondRest] = exactSum(first, 2 * s);
  const [sum, sumRest] = exactSum(second, third);
  const rests = firstRest + secondRest + sumRest + thirdRest + 2 * sRest + k * LN2_LOW_64;
  return sum + (rests + series * square * square * s);
}
