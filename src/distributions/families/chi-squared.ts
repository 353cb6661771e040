import { checkScale } from "../checks.ts";
import type { ScalarDistribution } from "../distribution.ts";
import { scalar } from "../make.ts";
import { gamma, gammaFamily } from "./gamma.ts";

export interface ChiSquared extends ScalarDistribution {
  readonly name: "chiSquared";
  readonly degrees: number;
}

/**
 * The chi-squared distribution: of the sum of the squares of `degrees` standard normals, and between those for degrees that are not whole.
 * Its samples are at least 2^-126.
 *
 * @throws InputError unless degrees is a positive number of at least 2.4e-38
 */
export function chiSquared(degrees: number): ChiSquared {
  checkScale(degrees, "degrees", "chiSquared");
  checkScale(degrees / 2, "degrees / 2", "chiSquared");
  const family = gammaFamily(degrees / 2, 0.5);
  return scalar<ChiSquared>({
    ...family,
    own: { name: "chiSquared", degrees, ...family.own },
    known: () => ({ general: () => gamma(degrees / 2, 0.5) }),
  });
}
