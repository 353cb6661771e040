/**
 * RT-1 and RT-1-X: 11 tokens of 256 values each, one for the mode and ten for arm, gripper and base.
 */
export * from "./rt1-head.ts";
export * from "./rt1-tokenizer.ts";
