export { type ExpectedModes, type ExpectedModesOptions, expectedModes } from "./expected-modes.ts";
export { type Field, scoreField, velocityField } from "./field.ts";
export type { GaussianMixture } from "./gaussians.ts";
export type { Level } from "./maps.ts";
export { assignModes, type Modes } from "./modes.ts";
export { noisedMixture } from "./noised.ts";
export type { PathPoint } from "./paths.ts";
export type { DiffusionOptions, FlowOptions } from "./run.ts";
export { diffusionTransport, flowTransport, type Transport } from "./transport.ts";
