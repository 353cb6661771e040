import type { Computed, Given } from "../../engine/cpu/work.ts";
import { curveAt } from "../curve/curve.ts";
import { keyOf, numberOf } from "../curve/keys.ts";
import type { Table } from "../curve/tables.ts";
import type { CurveReference } from "../on-tensors.ts";

/** Numbers from which on the table is read. */
const MANY = 4_096;

/** shaders/distributions/distribution-function.wgsl and shaders/distributions/quantile.wgsl: in f64 for few numbers, and by the same table for many. */
export function curveReference({ rows, table, ofLevels, exactly }: CurveReference, given: Given): Computed {
  const x = given.x as Float32Array;
  const outside = (value: number) => ofLevels && !(value >= 0 && value <= 1);
  const f = rows < MANY ? exactly : (value: number) => tabulated(table, ofLevels, value);
  const y = Float32Array.from({ length: rows }, (_, row) => {
    const value = x[row] as number;
    return Number.isNaN(value) || outside(value) ? Number.NaN : f(value);
  });
  const badRow = x.findIndex((value) => !Number.isNaN(value) && outside(value));
  return { outputs: { y }, badRow: badRow < 0 ? undefined : badRow };
}

/** The function as the shaders have it, of any number but NaN and, where it is the quantiles, of any from 0 to 1. */
export function tabulated({ curve, whole, least, most }: Table, ofLevels: boolean, x: number): number {
  if (ofLevels && x === 0) return least;
  if (ofLevels && x === 1) return most;
  const value = curveAt(curve, whole && !ofLevels ? Math.floor(x) : x);
  const key = keyOf(whole && ofLevels ? Math.ceil(value) : value);
  return numberOf(Math.min(Math.max(key, keyOf(least)), keyOf(most)));
}
