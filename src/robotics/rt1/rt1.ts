/**
 * RT-1 and RT-1-X: 11 tokens of 256 values each, one for the mode and ten for arm, gripper and base.
 */
export * from "./head.ts";
export * from "./tokenizer.ts";
