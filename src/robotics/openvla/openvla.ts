/**
 * OpenVLA: 7-dimensional end-effector actions as the last 256 tokens of a language model's vocabulary.
 *
 * Three things that are often said of it are not so: nothing masks the other tokens, neither in training nor when decoding; its 256
 * edges leave 255 bins; and its loss averages 8 tokens, the stop token included, over the whole batch.
 */
export * from "./head.ts";
export * from "./normalization.ts";
export * from "./tokenizer.ts";
