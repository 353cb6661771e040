import type { Address } from "../random/words.ts";
import { drawer } from "../sampling/draws.ts";
import type { Integrand } from "../sampling/integrand.ts";

/** How far f32 leads an output astray: the mean of its error over some draws, and the standard deviation of that mean. */
export interface Rounding {
  readonly bias: number;
  readonly deviation: number;
  /** The standard deviation of the errors in units of that of the exact values; null where these are all equal. */
  readonly noise: number | null;
}

/** From so many draws on a run costs more than the look, and its error is small enough for roundings to show. */
const LEAST_DRAWS = 2 ** 15;
/** Draws that are looked at, fewer of long programs. */
const [MOST, FEW, LONG] = [1024, 256, 400];

/** The difference of f32 and f64 on the first draws of a run; nothing for short runs, whose own error is larger. */
export function roundingOf(integrand: Integrand, address: Address, draws: number): readonly Rounding[] | undefined {
  if (draws < LEAST_DRAWS) return undefined;
  const count = integrand.program.cost > LONG ? FEW : MOST;
  const inF64 = drawer(integrand, "f64", count)(address, 0, count).outputs.map((values) => values.slice(0, count));
  const inF32 = drawer(integrand, "f32", count)(address, 0, count).outputs;
  return inF64.map((exact, k): Rounding => {
    const errors = [...exact].map((value, i) => (inF32[k]?.[i] ?? Number.NaN) - value).filter(Number.isFinite);
    const bias = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    const square = errors.reduce((sum, error) => sum + (error - bias) ** 2, 0) / (errors.length - 1);
    const spread = varianceOf(exact);
    return {
      bias,
      deviation: Math.sqrt(square / errors.length),
      noise: spread > 0 ? Math.sqrt(square / spread) : null,
    };
  });
}

function varianceOf(values: Float32Array | Float64Array): number {
  const finite = [...values].filter(Number.isFinite);
  const mean = finite.reduce((sum, value) => sum + value, 0) / finite.length;
  return finite.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (finite.length - 1);
}
