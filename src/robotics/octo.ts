/**
 * Octo: actions in bins, or by a diffusion of 20 steps from noise.
 */
export { type DiffusionPointOptions, diffusionPoint } from "../kernels/diffusion-point.ts";
export {
  type BinTokenizer,
  type DecodedValues,
  decode,
  type EncodedValues,
  encode,
  normalBins,
  uniformBins,
} from "./octo-bins.ts";
export * from "./octo-diffusion.ts";
export * from "./octo-discrete.ts";
export * from "./octo-loss.ts";
export * from "./octo-normalization.ts";
export * from "./octo-schedule.ts";
