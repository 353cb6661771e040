export * from "./distributions/index.ts";
export type { Adapter } from "./engine/backend.ts";
export type { Diagnosis } from "./engine/diagnosis.ts";
export { Engine, type EngineOptions, type ViewOptions } from "./engine/engine.ts";
export {
  DeviceLostError,
  type ErrorCode,
  InputError,
  IntegrityError,
  KernelError,
  SurprisalError,
  UnsupportedError,
} from "./engine/errors.ts";
export type { Numerics } from "./engine/numerics.ts";
export type { Dtype, Limits } from "./engine/plan.ts";
export { Tensor, type Values } from "./engine/tensor.ts";
export type { Estimate, Interval, Method, Snapshot, VectorEstimate, Warning } from "./expectation/estimate.ts";
export { type EstimateOf, estimates, expectation } from "./expectation/expectation.ts";
export { type Ladder, type LadderOptions, type LadderRow, varianceLadder } from "./expectation/ladder.ts";
export { mergeEstimates } from "./expectation/merge.ts";
export type { ExpectationOptions, Formula, Until } from "./expectation/options.ts";
export { type ReplicatesOptions, replicates } from "./expectation/replicates.ts";
export { type SampleAddress, sampleAt } from "./expectation/sample-at.ts";
export { FormulaError } from "./expression/formula-error.ts";
export { crossEntropy, crossEntropyWithGradient } from "./kernels/cross-entropy.ts";
export type { CrossEntropyOptions, LossOptions } from "./kernels/cross-entropy-options.ts";
export { entropy } from "./kernels/entropy.ts";
export { klDivergence } from "./kernels/kl-divergence.ts";
export { logSumExp } from "./kernels/log-sum-exp.ts";
export type { Mask, RowOptions, RowOutOptions } from "./kernels/row-options.ts";
export { type RowStatistics, rowStatistics, type StatisticsOptions } from "./kernels/row-statistics.ts";
export { logSoftmax, softmax } from "./kernels/softmax.ts";
export type { Targets } from "./kernels/targets.ts";
export type { Seed } from "./random/seed.ts";
export { DEFAULT_GENERATOR, type GeneratorName } from "./random/words.ts";
