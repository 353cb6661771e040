import { double } from "../../arithmetic/double.ts";
import { LEAST_NORMAL } from "../../arithmetic/range.ts";
import type { Computed, Given } from "../../engine/cpu/work.ts";
import { evaluator } from "../../expression/evaluate.ts";
import type { LogProbReference } from "../log-prob.ts";

const SLICE = 4_096;

/** As in shaders/lib/coordinates.wgsl. */
const LOG_OF_ZERO = -104;

function pointOf(x: number): number {
  return x !== 0 && Math.abs(x) < LEAST_NORMAL ? Math.sign(x) * LEAST_NORMAL : x;
}

/** shaders/distributions/log-prob.wgsl in f64. */
export function logProbReference({ program, parameters, size, rows }: LogProbReference, given: Given): Computed {
  const x = given.x as Float32Array;
  const y = new Float32Array(rows);
  const evaluate = evaluator(program, double);
  const coordinates = Array.from({ length: 2 * size }, () => new Float64Array(SLICE));
  for (let start = 0; start < rows; start += SLICE) {
    const count = Math.min(SLICE, rows - start);
    for (let c = 0; c < size; c++) {
      const [values, logs] = [coordinates[c] as Float64Array, coordinates[size + c] as Float64Array];
      for (let k = 0; k < count; k++) {
        const value = x[(start + k) * size + c] as number;
        values[k] = pointOf(value);
        logs[k] = value === 0 ? LOG_OF_ZERO : Math.log(Math.abs(value));
      }
    }
    const [density, state] = evaluate(coordinates, parameters, count) as [Float64Array, Float64Array];
    for (let k = 0; k < count; k++) {
      const point = x.subarray((start + k) * size, (start + k + 1) * size);
      const outside = state[k] === 0 || point.some((value) => Math.abs(value) === Number.POSITIVE_INFINITY);
      if (point.some(Number.isNaN) || (state[k] === 3 && !outside)) y[start + k] = Number.NaN;
      else if (outside) y[start + k] = Number.NEGATIVE_INFINITY;
      else y[start + k] = state[k] === 2 ? Number.POSITIVE_INFINITY : (density[k] as number);
    }
  }
  return { outputs: { y } };
}
