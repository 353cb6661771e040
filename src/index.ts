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
} from "./core/errors.ts";
export * from "./distributions/index.ts";
export { type SampleAddress, sampleAt } from "./distributions/sample-at.ts";
export { hellinger, jensenShannon, renyiDivergence, totalVariation } from "./divergences/bounded/f-divergences.ts";
export {
  type DivergenceEstimateOptions,
  type DivergenceName,
  divergenceEstimate,
} from "./divergences/estimates/divergence-estimate.ts";
export { type KlEstimateOptions, type KlEstimator, klEstimate } from "./divergences/estimates/kl-estimate.ts";
export { type DimensionKl, type RaoBlackwellKl, raoBlackwellKl } from "./divergences/estimates/rao-blackwell-kl.ts";
export {
  type SequenceKl,
  type SequenceKlOptions,
  type SequenceMean,
  sequenceKl,
} from "./divergences/estimates/sequence-kl.ts";
export { type KlDivergence, klDivergence } from "./divergences/kl-divergence.ts";
export type { Adapter } from "./engine/backend.ts";
export type { Diagnosis } from "./engine/diagnosis.ts";
export { Engine, type EngineOptions, type TensorOptions, type ViewOptions } from "./engine/engine.ts";
export { fromHalves } from "./engine/halves.ts";
export type { Numerics } from "./engine/numerics.ts";
export type { Dtype, FloatDtype, Limits, TunedLayout } from "./engine/plan.ts";
export { Tensor } from "./engine/tensor.ts";
export type { Tunable, TuneOptions, Tuning } from "./engine/tuning.ts";
export type { Values } from "./engine/values.ts";
export type { Estimate, Interval, Method, Snapshot, VectorEstimate, Warning } from "./expectation/estimate.ts";
export { type EstimateOf, estimates, expectation } from "./expectation/expectation.ts";
export { expectationGradient, gradientDraws } from "./expectation/gradient/gradient.ts";
export type { Baseline, ExpectationGradientOptions, GradientEstimate, Theta } from "./expectation/gradient/options.ts";
export { type Ladder, type LadderOptions, type LadderRow, varianceLadder } from "./expectation/ladder.ts";
export { mergeEstimates } from "./expectation/merge.ts";
export type { ExpectationOptions, Formula, Until } from "./expectation/options.ts";
export { type ReplicatesOptions, replicates } from "./expectation/replicates.ts";
export { FormulaError } from "./expression/formula-error.ts";
export {
  type GaussianGradient,
  type GaussianGradientOptions,
  gaussianLogDensity,
  gaussianLogDensityWithGradient,
  mahalanobis,
} from "./gaussian/gaussian.ts";
export { type GaussianNllOptions, type GaussianNllValues, gaussianNll } from "./gaussian/gaussian-nll.ts";
export type { GaussianMatrix, GaussianParameters, GaussianVector } from "./gaussian/options.ts";
export * from "./inference/index.ts";
export type { Seed } from "./random/seed.ts";
export { DEFAULT_GENERATOR, type GeneratorName } from "./random/words.ts";
export { type AdvantageOptions, generalizedAdvantageEstimation } from "./returns/advantages.ts";
export { type LambdaReturnOptions, lambdaReturn } from "./returns/lambda-return.ts";
export { type NormalizeOptions, normalizeAdvantages } from "./returns/normalize-advantages.ts";
export { crossEntropy, crossEntropyWithGradient } from "./rows/cross-entropy.ts";
export type { CrossEntropyOptions, GradientOptions, LossOptions } from "./rows/cross-entropy-options.ts";
export { entropy } from "./rows/entropy.ts";
export { logSumExp } from "./rows/log-sum-exp.ts";
export type { ClassDtypeOptions, Mask, RowClassOptions, RowOptions, RowOutOptions } from "./rows/row-options.ts";
export { type RowStatistics, rowStatistics, type StatisticsOptions } from "./rows/row-statistics.ts";
export { logSoftmax, softmax } from "./rows/softmax.ts";
export type { Targets } from "./rows/targets.ts";
export { topK } from "./rows/top-k.ts";
