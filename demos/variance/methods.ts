import { fixed } from "../shared/format.ts";
import type { LadderMethod } from "./model.ts";
import type { MethodLadder } from "./source.ts";

export const methodNames: Readonly<Record<LadderMethod, string>> = {
  independent: "independent",
  antithetic: "antithetic",
  control: "control variate",
  stratified: "stratified",
  sobol: "Sobol",
};

const shapes: Readonly<Record<LadderMethod, string>> = {
  independent: "m-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0z",
  antithetic: "m0 -4.5l4.2 7.5h-8.4z",
  control: "m-4.5 0h9m-4.5 -4.5v9",
  stratified: "m-3.6 -3.6h7.2v7.2h-7.2z",
  sobol: "m0 -5l5 5l-5 5l-5 -5z",
};

/** A mark that tells the method apart without its colour. */
export function marker(method: LadderMethod, x: number, y: number): string {
  return `M${x.toFixed(1)} ${y.toFixed(1)}${shapes[method]}`;
}

/** The measured slope of the standard error, which is half of the variance's, with its 95 % interval. */
export function slopeInWords({ rows, slope, slopeInterval: [low, high] }: MethodLadder): string {
  if (Number.isFinite(slope)) return `${fixed(slope / 2, 2)} ± ${fixed((high - low) / 4, 2)}`;
  return rows.every(({ variance }) => variance === 0) ? "no spread at all" : "none";
}
