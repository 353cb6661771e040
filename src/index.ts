export * from "./distributions/index.ts";
export {
  type DivergenceEstimateOptions,
  type DivergenceName,
  divergenceEstimate,
} from "./divergences/divergence-estimate.ts";
export { hellinger, jensenShannon, renyiDivergence, totalVariation } from "./divergences/f-divergences.ts";
export { type KlDivergence, klDivergence } from "./divergences/kl-divergence.ts";
export { type KlEstimateOptions, type KlEstimator, klEstimate } from "./divergences/kl-estimate.ts";
export { type DimensionKl, type RaoBlackwellKl, raoBlackwellKl } from "./divergences/rao-blackwell-kl.ts";
export { type SequenceKl, type SequenceKlOptions, type SequenceMean, sequenceKl } from "./divergences/sequence-kl.ts";
export type { Adapter } from "./engine/backend.ts";
export type { Diagnosis } from "./engine/diagnosis.ts";
export { Engine, type EngineOptions, type ViewOptions } from "./engine/engine.ts";
export {
  DeviceLostError,
  type ErrorCode,
  IllConditionedError,
  InputError,
  IntegrityError,
  KernelError,
  NotPositiveDefiniteError,
  SurprisalError,
  UnsupportedError,
} from "./engine/errors.ts";
export type { Numerics } from "./engine/numerics.ts";
export type { Dtype, Limits } from "./engine/plan.ts";
export { Tensor, type Values } from "./engine/tensor.ts";
export type { Estimate, Interval, Method, Snapshot, VectorEstimate, Warning } from "./expectation/estimate.ts";
export { type EstimateOf, estimates, expectation } from "./expectation/expectation.ts";
export { expectationGradient, gradientDraws } from "./expectation/gradient.ts";
export type { Baseline, ExpectationGradientOptions, GradientEstimate, Theta } from "./expectation/gradient-options.ts";
export { type Ladder, type LadderOptions, type LadderRow, varianceLadder } from "./expectation/ladder.ts";
export { mergeEstimates } from "./expectation/merge.ts";
export type { ExpectationOptions, Formula, Until } from "./expectation/options.ts";
export { type ReplicatesOptions, replicates } from "./expectation/replicates.ts";
export { type SampleAddress, sampleAt } from "./expectation/sample-at.ts";
export { FormulaError } from "./expression/formula-error.ts";
export * from "./inference/index.ts";
export { type AdvantageOptions, generalizedAdvantageEstimation } from "./kernels/advantages.ts";
export { crossEntropy, crossEntropyWithGradient } from "./kernels/cross-entropy.ts";
export type { CrossEntropyOptions, LossOptions } from "./kernels/cross-entropy-options.ts";
export { entropy } from "./kernels/entropy.ts";
export {
  type GaussianGradient,
  type GaussianGradientOptions,
  gaussianLogDensity,
  gaussianLogDensityWithGradient,
  mahalanobis,
} from "./kernels/gaussian.ts";
export { type GaussianNllOptions, type GaussianNllValues, gaussianNll } from "./kernels/gaussian-nll.ts";
export type { GaussianMatrix, GaussianParameters, GaussianVector } from "./kernels/gaussian-options.ts";
export { type LambdaReturnOptions, lambdaReturn } from "./kernels/lambda-return.ts";
export { logSumExp } from "./kernels/log-sum-exp.ts";
export { type NormalizeOptions, normalizeAdvantages } from "./kernels/normalize-advantages.ts";
export type { Mask, RowOptions, RowOutOptions } from "./kernels/row-options.ts";
export { type RowStatistics, rowStatistics, type StatisticsOptions } from "./kernels/row-statistics.ts";
export { logSoftmax, softmax } from "./kernels/softmax.ts";
export type { Targets } from "./kernels/targets.ts";
export type { Seed } from "./random/seed.ts";
export { DEFAULT_GENERATOR, type GeneratorName } from "./random/words.ts";
