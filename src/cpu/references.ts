import { curveReference } from "../distributions/cpu/curve.ts";
import { logProbReference } from "../distributions/cpu/log-prob.ts";
import { gaussianNllReference } from "../gaussian/cpu/gaussian-nll.ts";
import { gaussianReference } from "../gaussian/cpu/reference.ts";
import { klSurfaceReference } from "../inference/cpu/kl-surface.ts";
import { advantagesReference, lambdaReturnReference, normalizeAdvantagesReference } from "../returns/cpu/advantages.ts";
import { robotics } from "../robotics/cpu/robotics.ts";
import { fieldReference, modesReference, transportReference } from "../robotics/cpu/transport.ts";
import { klDivergenceReference } from "../rows/reference/divergence.ts";
import { crossEntropyReference, gradientReference } from "../rows/reference/loss.ts";
import {
  type Computed,
  entropyOf,
  type Given,
  logProbabilityOf,
  logSumExpOf,
  probabilityOf,
  type RowView,
  rowView,
} from "../rows/reference/row.ts";
import { statisticsReference } from "../rows/reference/statistics.ts";
import type { RowReference } from "../rows/row-call.ts";
import { expectationReference } from "../sampling/cpu/expectation.ts";
import { sampleAffineReference, sampleReference } from "../sampling/cpu/sample.ts";

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
