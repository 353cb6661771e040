/**
 * RT-2: an action as a string of eight whole numbers, which a language model says, held to tokens that mean one.
 */
export * from "./rt2-decoding.ts";
export * from "./rt2-text.ts";
