/**
 * π0 and π0.5: chunks of continuous actions by flow matching, 10 Euler steps from noise.
 *
 * Time runs as in the published code, t = 1 for noise and t = 0 for data. The paper has it the other way round.
 */
export { type FlowPoints, flowPoint } from "../kernels/flow-point.ts";
export * from "./flow.ts";
export * from "./loss.ts";
export * from "./normalization.ts";
export * from "./statistics.ts";
export * from "./time.ts";
export * from "./tokens.ts";
