import { beforeAll, describe } from "vitest";
import type { Limits, Machine, PlanOf } from "../../../src/engine/plan.ts";
import {
  crossEntropy,
  crossEntropyWithGradient,
  Engine,
  entropy,
  klDivergence,
  logSoftmax,
  logSumExp,
  rowStatistics,
  softmax,
  type Tensor,
  topK,
} from "../../../src/index.ts";
import { planCrossEntropy, planWithGradient } from "../../../src/rows/cross-entropy.ts";
import type { GradientOptions, LossOptions } from "../../../src/rows/cross-entropy-options.ts";
import { value as entropyValue } from "../../../src/rows/entropy.ts";
import { pairOf, planKlDivergence } from "../../../src/rows/kl-divergence.ts";
import { value as logSumExpValue } from "../../../src/rows/log-sum-exp.ts";
import type { CheckedRows, RowClassOptions, RowOptions } from "../../../src/rows/row-options.ts";
import { planRowStatistics, type RowStatistics, type StatisticsOptions } from "../../../src/rows/row-statistics.ts";
import { planRowValue } from "../../../src/rows/row-value.ts";
import { planSoftmax } from "../../../src/rows/softmax.ts";
import { type ReadTargets, readTargets, type Targets } from "../../../src/rows/targets.ts";
import { planTopK } from "../../../src/rows/top-k.ts";
import type { Batch } from "../data.ts";
import { checkedLoss, checkedRows, checkedStatistics } from "./checked.ts";

/** The functions over rows of logits, by their public names and signatures. */
export interface Calls {
  softmax(x: Tensor, options?: RowClassOptions): Tensor;
  logSoftmax(x: Tensor, options?: RowClassOptions): Tensor;
  logSumExp(x: Tensor, options?: RowOptions): Tensor;
  entropy(x: Tensor, options?: RowOptions): Tensor;
  klDivergence(p: Tensor, q: Tensor, options?: RowOptions): Tensor;
  crossEntropy(x: Tensor, targets: Targets, options?: LossOptions): Tensor;
  crossEntropyWithGradient(x: Tensor, targets: Targets, options?: GradientOptions): { loss: Tensor; gradient: Tensor };
  rowStatistics(x: Tensor, targets?: Targets, options?: StatisticsOptions): RowStatistics;
  topK(x: Tensor, k: number, options?: RowOptions): { values: Tensor; ids: Tensor };
}

export const publicCalls: Calls = {
  softmax,
  logSoftmax,
  logSumExp,
  entropy,
  klDivergence,
  crossEntropy,
  crossEntropyWithGradient,
  rowStatistics,
  topK,
};

/** The same functions planned for a machine that this is not: the test machines run no real GPU's layouts by themselves. */
export function callsFor(machineOf: (limits: Limits) => Machine): Calls {
  const run = <C extends CheckedRows, O extends string>(
    x: Tensor,
    call: C,
    plan: (call: C, machine: Machine) => PlanOf<O>,
    inputs: Record<string, Tensor> = {},
  ): Record<O, Tensor> => x.engine.run(plan(call, machineOf(x.engine.limits)), { ...call.inputs, ...inputs });
  const withTargets = <C extends CheckedRows>(call: C, read: ReadTargets | undefined): C => ({
    ...call,
    inputs: { ...call.inputs, ...read?.inputs },
    uploads: { ...call.uploads, ...read?.uploads },
  });
  const loss = (x: Tensor, targets: Targets, options: GradientOptions) => {
    const read = readTargets(targets, x, options.ignoreIndex ?? -100, "test");
    const { weight } = options;
    const inputs = weight && { weight: "read" in weight ? weight : x.engine.tensor(weight, [weight.length]) };
    return { call: withTargets(checkedLoss(x, read, options), read), inputs };
  };
  return {
    softmax: (x, options) => run(x, checkedRows(x, options), (call, m) => planSoftmax("softmax", call, m)).y,
    logSoftmax: (x, options) => run(x, checkedRows(x, options), (call, m) => planSoftmax("logSoftmax", call, m)).y,
    logSumExp: (x, options) => run(x, checkedRows(x, options), (call, m) => planRowValue(logSumExpValue, call, m)).y,
    entropy: (x, options) => run(x, checkedRows(x, options), (call, m) => planRowValue(entropyValue, call, m)).y,
    klDivergence: (x, other, options) => run(x, pairOf(checkedRows(x, options), other), planKlDivergence, { other }).y,
    crossEntropy: (x, targets, options = {}) => {
      const { call, inputs } = loss(x, targets, options);
      return run(x, call, planCrossEntropy, inputs).loss;
    },
    crossEntropyWithGradient: (x, targets, options = {}) => {
      const { call, inputs } = loss(x, targets, options);
      return run(x, call, planWithGradient, inputs);
    },
    rowStatistics: (x, targets, options = {}) => {
      const read = targets && readTargets(targets, x, options.ignoreIndex ?? -100, "test");
      return run(x, withTargets(checkedStatistics(x, read, options), read), planRowStatistics);
    },
    topK: (x, k, options) => run(x, { ...checkedRows(x, options), k }, planTopK),
  };
}

/** A device's limits as plain data, some of them changed: a spread would not copy a platform object's getters. */
export function limitsLike(limits: Limits, changed: Partial<Limits>): Limits {
  const { maxBufferSize, maxStorageBufferBindingSize, maxComputeWorkgroupsPerDimension } = limits;
  const { maxComputeInvocationsPerWorkgroup, maxComputeWorkgroupStorageSize, minStorageBufferOffsetAlignment } = limits;
  return {
    maxBufferSize,
    maxStorageBufferBindingSize,
    maxComputeWorkgroupsPerDimension,
    maxComputeInvocationsPerWorkgroup,
    maxComputeWorkgroupStorageSize,
    minStorageBufferOffsetAlignment,
    ...changed,
  };
}

export const lanesOfAGpu: Calls = callsFor((limits) => ({ limits, software: false }));

export interface Setting {
  readonly engine: Engine;
  readonly calls: Calls;
  tensor(batch: Batch): Tensor;
}

/** Runs the same tests on the GPU and on the CPU engine. */
export function onEach(body: (setting: () => Setting, on: "webgpu" | "cpu") => void): void {
  describe.each(["webgpu", "cpu"] as const)("%s", (on) => body(engineFor(on), on));
}

/** One engine of each kind a page, which ends with it: what some tests have compiled serves all others. */
const engines = new Map<"webgpu" | "cpu", Promise<Engine>>();

/** An engine for the tests of this block; `calls` other than the public ones if they are given. */
export function engineFor(backend: "webgpu" | "cpu", calls = publicCalls): () => Setting {
  let setting: Setting | undefined;
  beforeAll(async () => {
    const making = engines.get(backend) ?? Engine.create({ backend });
    engines.set(backend, making);
    const engine = await making;
    setting = { engine, calls, tensor: ({ data, rows, classes }) => engine.tensor(data, [rows, classes]) };
  });
  return () => {
    if (!setting) throw new Error("the engine is not there yet");
    return setting;
  };
}
