/**
 * DreamerV3: latent states of 32 categoricals, of which a learned prior (not a unit Gaussian) predicts the posterior, and heads
 * that predict numbers as distributions over 255 bins.
 */
export {
  type BalancedKl,
  type BalanceOptions,
  balancedKl,
  type LatentOptions,
  latentKl,
} from "../kernels/latent-kl.ts";
export * from "./latent.ts";
export * from "./returns.ts";
export * from "./two-hot.ts";
