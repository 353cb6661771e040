import { floats } from "../../../src/engine/operand.ts";
import type { Machine, Plan } from "../../../src/engine/plan.ts";
import { planAdvantages } from "../../../src/returns/advantages.ts";
import { planLambdaReturn } from "../../../src/returns/lambda-return.ts";
import { planNormalizeAdvantages } from "../../../src/returns/normalize-advantages.ts";
import { planCrossEntropy, planWithGradient } from "../../../src/rows/cross-entropy.ts";
import type { LossOptions } from "../../../src/rows/cross-entropy-options.ts";
import { value as entropyValue } from "../../../src/rows/entropy.ts";
import { pairOf, planKlDivergence } from "../../../src/rows/kl-divergence.ts";
import { value as logSumExpValue } from "../../../src/rows/log-sum-exp.ts";
import type { RowOptions } from "../../../src/rows/row-options.ts";
import { planRowStatistics } from "../../../src/rows/row-statistics.ts";
import { planRowValue } from "../../../src/rows/row-value.ts";
import { planSoftmax } from "../../../src/rows/softmax.ts";
import type { TargetKind } from "../../../src/rows/targets.ts";
import { planTopK } from "../../../src/rows/top-k.ts";
import { gaussianPlans } from "../gaussian/plans.ts";
import { checkedLoss, checkedRows, checkedStatistics } from "../rows/checked.ts";

/** Limits that WebGPU promises everywhere, on a GPU or on a software adapter. */
export function machineOf(software: boolean, limits: Partial<Machine["limits"]> = {}): Machine {
  return {
    software,
    limits: {
      maxBufferSize: 268_435_456,
      maxStorageBufferBindingSize: 134_217_728,
      maxComputeWorkgroupsPerDimension: 65_535,
      maxComputeInvocationsPerWorkgroup: 256,
      maxComputeWorkgroupStorageSize: 16_384,
      minStorageBufferOffsetAlignment: 256,
      ...limits,
    },
  };
}

export const machines: readonly Machine[] = [machineOf(false), machineOf(true)];

/** A plan of every function, with every kind of target. */
export function everyPlan(
  shape: readonly number[],
  options: RowOptions,
  machine: Machine,
): Readonly<Record<string, Plan>> {
  const x = floats(shape);
  const ids = { soft: false, unchecked: true };
  const soft = { soft: true, unchecked: false, operand: x };
  const weight = new Array(shape.at(-1)).fill(1);
  const rows = checkedRows(x, options);
  const loss = (targets: TargetKind, more: LossOptions = {}) =>
    planCrossEntropy(checkedLoss(x, targets, { ...options, ...more }), machine);
  const gradient = (targets: TargetKind, more: LossOptions) =>
    planWithGradient(checkedLoss(x, targets, { ...options, ...more }, "crossEntropyWithGradient"), machine);
  const [steps = 0, ...columns] = shape;
  const later = floats([steps + 1, ...columns]);
  const flags = { ...later, dtype: "u32" } as const;
  return {
    softmax: planSoftmax("softmax", rows, machine),
    topK: planTopK({ ...rows, k: 5 }, machine),
    logSoftmax: planSoftmax("logSoftmax", rows, machine),
    logSumExp: planRowValue(logSumExpValue, rows, machine),
    entropy: planRowValue(entropyValue, rows, machine),
    klDivergence: planKlDivergence(pairOf(rows, x), machine),
    mean: loss(ids),
    none: loss(ids, { reduction: "none", weight, labelSmoothing: 0.1 }),
    soft: loss(soft, { reduction: "sum", zLoss: 1e-4 }),
    gradient: gradient(ids, { weight }),
    softGradient: gradient(soft, { reduction: "none", labelSmoothing: 0.1 }),
    statistics: planRowStatistics(checkedStatistics(x, undefined, options), machine),
    targeted: planRowStatistics(checkedStatistics(x, ids, options), machine),
    advantages: planAdvantages(x, later, x, {}, machine),
    lambdaReturn: planLambdaReturn({ rewards: later, values: later, terminals: flags, lasts: flags }, {}, machine),
    normalized: planNormalizeAdvantages(x, {}, machine),
    ...gaussianPlans(machine),
  };
}
