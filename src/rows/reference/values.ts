import type { Computed, Given } from "../../engine/cpu/work.ts";
import type { RowReference } from "../row-call.ts";
import { entropyOf, logProbabilityOf, logSumExpOf, probabilityOf, type RowView, rowView } from "./row.ts";

type Reference = (options: RowReference, given: Given) => Computed;

export const softmaxReference = perClass(probabilityOf);
export const logSoftmaxReference = perClass(logProbabilityOf);
export const logSumExpReference = perRow(logSumExpOf);
export const entropyReference = perRow(entropyOf);

function perClass(of: (view: RowView, k: number) => number): Reference {
  return (options, given) => {
    const width = options.end - options.begin;
    const y = new Float32Array(options.rows * width);
    for (let row = 0; row < options.rows; row++) {
      const view = rowView(options, given, row);
      for (let k = 0; k < width; k++) y[row * width + k] = of(view, k);
    }
    return { outputs: { y } };
  };
}

function perRow(of: (view: RowView) => number): Reference {
  return (options, given) => {
    const y = Float32Array.from({ length: options.rows }, (_, row) => of(rowView(options, given, row)));
    return { outputs: { y } };
  };
}
