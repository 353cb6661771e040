// Whether a row of logits has a distribution, and why not: the words of `rowStatistics`' `status`, and bits of the shaders' flags.

/** It has one. */
export const ROW_SOUND = 0;
/** A kept logit is NaN. */
export const ROW_NAN = 1;
/** No kept logit is finite. */
export const ROW_NONE = 2;
/** A kept logit is +Infinity, and none NaN. */
export const ROW_POSITIVE_INFINITY = 4;
