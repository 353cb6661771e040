import type { RowReference } from "../kernels/row-call.ts";
import { advantagesReference, lambdaReturnReference, normalizeAdvantagesReference } from "./advantages.ts";
import { curveReference } from "./curve.ts";
import { klDivergenceReference } from "./divergence.ts";
import { expectationReference } from "./expectation.ts";
import { gaussianReference } from "./gaussian/reference.ts";
import { gaussianNllReference } from "./gaussian-nll.ts";
import { klSurfaceReference } from "./kl-surface.ts";
import { logProbReference } from "./log-prob.ts";
import { crossEntropyReference, gradientReference } from "./loss.ts";
import { robotics } from "./robotics.ts";
import {
  type Computed,
  entropyOf,
  type Given,
  logProbabilityOf,
  logSumExpOf,
  probabilityOf,
  type RowView,
  rowView,
} from "./row.ts";
import { sampleAffineReference, sampleReference } from "./sample.ts";
import { statisticsReference } from "./statistics.ts";
import { fieldReference, modesReference, transportReference } from "./transport.ts";

type ReferenceFunction = (options: never, given: Given) => Computed;

/** Every plan's work in f64, by the name that the plan gives. */
export const references: Readonly<Record<string, ReferenceFunction>> = {
  softmax: perClass(probabilityOf),
  logSoftmax: perClass(logProbabilityOf),
  logSumExp: perRow(logSumExpOf),
  entropy: perRow(entropyOf),
  crossEntropy: crossEntropyReference,
  crossEntropyWithGradient: gradientReference,
  rowStatistics: statisticsReference,
  klDivergence: klDivergenceReference,
  expectation: expectationReference,
  gaussian: gaussianReference,
  gaussianNll: gaussianNllReference,
  generalizedAdvantageEstimation: advantagesReference,
  lambdaReturn: lambdaReturnReference,
  normalizeAdvantages: normalizeAdvantagesReference,
  klSurface: klSurfaceReference,
  sample: sampleReference,
  sampleAffine: sampleAffineReference,
  logProb: logProbReference,
  curve: curveReference,
  ...robotics,
  transport: transportReference,
  transportField: fieldReference,
  transportModes: modesReference,
};

function perClass(of: (view: RowView, k: number) => number): ReferenceFunction {
  return (options: RowReference, given) => {
    const width = options.end - options.begin;
    const y = new Float32Array(options.rows * width);
    for (let row = 0; row < options.rows; row++) {
      const view = rowView(options, given, row);
      for (let k = 0; k < width; k++) y[row * width + k] = of(view, k);
    }
    return { outputs: { y } };
  };
}

function perRow(of: (view: RowView) => number): ReferenceFunction {
  return (options: RowReference, given) => {
    const y = Float32Array.from({ length: options.rows }, (_, row) => of(rowView(options, given, row)));
    return { outputs: { y } };
  };
}
