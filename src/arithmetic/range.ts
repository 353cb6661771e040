/** The least positive f32 that is not subnormal. */
export const LEAST_NORMAL = 2 ** -126;

/** The largest f32 whose reciprocal is not subnormal: that of LEAST_NORMAL. */
export const MOST_INVERTIBLE = 2 ** 126;

/** The largest finite f32. */
export const LARGEST = (2 - 2 ** -23) * 2 ** 127;
/** The least normal f64; numbers below it have fewer digits. */
export const LEAST_NORMAL_64 = 2 ** -1022;

/** The largest f32 below 1. */
export const LARGEST_BELOW_1 = 1 - 2 ** -24;
