// The part of the table that kernels over rows of logits name, apart so that a page that has only those loads no more.

// log 2 in two parts: products of the first with an exponent are exact. It has 9 bits.
export const LN2_HIGH = 0.693359375;
export const LN2_LOW = -2.1219444e-4;

/** log(2π) / 2. */
export const HALF_LOG_TURN = 0.9189385332046728;

// For rows, where each operation counts: exp as EXP has it, 2^f, and log(1 + f) = f - f²/2 + f³ ROW_LOG(f) (Cephes' logf, S. Moshier).
export const ROW_EXP = [0.0013814599, 0.0083687166, 0.041668389, 0.16666521, 0.5 - 2 ** -24] as const;
export const ROW_EXP2 = [0.0013264724, 0.0096715149, 0.0555073395, 0.2402224243, 0.6931470037, 1] as const;
export const ROW_LOG = [
  7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
  2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
] as const;
