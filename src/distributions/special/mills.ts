import { double } from "../../arithmetic/double.ts";
import { panel } from "./quadrature.ts";

export const HALF_ROOT_2PI = Math.sqrt(Math.PI / 2);

/** Mills' ratio of the normal distribution, P(Z > z) / φ(z), for z >= 0: about 1 / z for large z. */
export function mills(z: number): number {
  if (z < 3) return HALF_ROOT_2PI * Math.exp((z * z) / 2) * double.erfc(z * Math.SQRT1_2);
  // 1 / (z + 1 / (z + 2 / (z + 3 / …))) (DLMF 7.9.3), from behind, where it has settled.
  let rest = z;
  for (let k = z < 10 ? 120 : 24; k >= 1; k--) rest = z + k / rest;
  return 1 / rest;
}

/** ∫ exp(-t (z + t / 2)) from 0 to width, for z >= 0: P(z < Z < z + width) / φ(z). */
export function fallingMass(z: number, width: number): number {
  const fall = width * (z + width / 2);
  if (fall > 1) return mills(z) - (fall === Number.POSITIVE_INFINITY ? 0 : Math.exp(-fall) * mills(z + width));
  return panel((t) => Math.exp(-t * (z + t / 2)), 0, width);
}
