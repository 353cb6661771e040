import type code from "../../shaders/rows/softmax.wgsl?raw";

export type Formula = typeof code;
