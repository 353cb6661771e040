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
} from "./bins.ts";
export * from "./diffusion.ts";
export * from "./discrete.ts";
export * from "./loss.ts";
export * from "./normalization.ts";
export * from "./schedule.ts";
