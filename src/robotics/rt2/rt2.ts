/**
 * RT-2: an action as a string of eight whole numbers, which a language model says, held to tokens that mean one.
 */
export * from "./decoding.ts";
export * from "./text.ts";
