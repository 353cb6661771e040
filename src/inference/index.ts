export { type BoundOptions, type Elbo, type ElboOptions, elbo } from "./elbo.ts";
export { fitGaussian, type GaussianFit } from "./fit-gaussian.ts";
export type { KlDirection } from "./fit-objective.ts";
export type { FitGaussianOptions, FitStep } from "./fit-options.ts";
export { type ImportanceWeightedBoundOptions, importanceWeightedBound } from "./importance-weighted-bound.ts";
export { type KlSurfaceOptions, klSurface } from "./kl-surface.ts";
export type { LatentModel } from "./latent-model.ts";
export { type ExactElbo, type LinearGaussian, type LinearGaussianOptions, linearGaussian } from "./linear-gaussian.ts";
