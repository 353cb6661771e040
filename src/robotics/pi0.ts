/**
 * π0 and π0.5: chunks of continuous actions by flow matching, 10 Euler steps from noise.
 *
 * Time runs as in the published code, t = 1 for noise and t = 0 for data. The paper has it the other way round.
 */
export { type FlowPoints, flowPoint } from "../kernels/flow-point.ts";
export * from "./pi0-flow.ts";
export * from "./pi0-loss.ts";
export * from "./pi0-normalization.ts";
export * from "./pi0-statistics.ts";
export * from "./pi0-time.ts";
export * from "./pi0-tokens.ts";
