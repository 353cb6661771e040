export type { Adapter } from "./engine/backend.ts";
export type { Diagnosis } from "./engine/diagnosis.ts";
export { Engine, type EngineOptions, type ViewOptions } from "./engine/engine.ts";
export {
  DeviceLostError,
  type ErrorCode,
  InputError,
  KernelError,
  SurprisalError,
  UnsupportedError,
} from "./engine/errors.ts";
export type { Dtype, Limits } from "./engine/plan.ts";
export { Tensor, type Values } from "./engine/tensor.ts";
export { crossEntropy, crossEntropyWithGradient } from "./kernels/cross-entropy.ts";
export type { CrossEntropyOptions, LossOptions } from "./kernels/cross-entropy-options.ts";
export { entropy } from "./kernels/entropy.ts";
export { klDivergence } from "./kernels/kl-divergence.ts";
export { logSumExp } from "./kernels/log-sum-exp.ts";
export type { Mask, RowOptions, RowOutOptions } from "./kernels/row-options.ts";
export { type RowStatistics, rowStatistics, type StatisticsOptions } from "./kernels/row-statistics.ts";
export { logSoftmax, softmax } from "./kernels/softmax.ts";
export type { Targets } from "./kernels/targets.ts";
