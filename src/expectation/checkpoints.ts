import { BLOCK_SAMPLES } from "../sampling/integrand.ts";
import type { FunctionEstimate } from "./function-estimate.ts";
import type { Until } from "./options.ts";

/**
 * Whether a run may stop after this many blocks: at 1,024 · 2^(k/4) samples, rounded up to whole blocks.
 *
 * A precision is tested there only, so that where a run stops depends on its samples and not on its batches.
 */
export function isCheckpoint(blocks: number): boolean {
  const k = Math.floor(4 * Math.log2((blocks * BLOCK_SAMPLES) / 1_024));
  // Rounding up may have lifted the count past the next powers; look around.
  return [k - 1, k, k + 1].some((near) => Math.ceil((1_024 * 2 ** (near / 4)) / BLOCK_SAMPLES) === blocks);
}

/** Whether every function is as precise as was asked; never by a spread of 0, which says nothing. */
export function isPrecise(functions: readonly FunctionEstimate[], until: Until): boolean {
  return functions.every(({ mean, standardError }) => {
    if (!(standardError > 0) || !Number.isFinite(mean)) return false;
    const absolute = until.standardError !== undefined && standardError <= until.standardError;
    const relative = until.relativeError !== undefined && standardError <= until.relativeError * Math.abs(mean);
    return absolute || relative;
  });
}
