import { double } from "../../arithmetic/double.ts";
import { mills } from "./mills.ts";
import { ofBoth, ofLower, swapped, type Tails } from "./tails.ts";

const LOG_ROOT_2PI = Math.log(2 * Math.PI) / 2;

/** log P(Z > z) of the standard normal distribution, for z >= 0. */
export function logNormalTail(z: number): number {
  return z < 1 ? Math.log(0.5 * double.erfc(z * Math.SQRT1_2)) : Math.log(mills(z)) - (z / 2) * z - LOG_ROOT_2PI;
}

/** The tails of the standard normal distribution. */
export function normalTails(z: number): Tails {
  const size = Math.abs(z);
  const near = 0.5 * double.erfc(size * Math.SQRT1_2);
  const tail = size < 5 ? ofBoth(near, 1 - near) : ofLower(logNormalTail(size));
  return z < 0 ? tail : swapped(tail);
}
