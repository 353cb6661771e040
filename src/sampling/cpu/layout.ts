/** Where the numbers of a batch stand in memory, in bytes from the start of its job. */
export const JOB = {
  skip: 0,
  tail: 4,
  blocks: 8,
  runs: 12,
  quadLow: 16,
  quadHigh: 20,
  stream: 24,
  seedLow: 28,
  seedHigh: 32,
  strataCount: 36,
  strataWidth: 40,
  strataFraction: 44,
  /** Addresses. */
  shifts: 48,
  parameters: 52,
  directions: 56,
} as const;

export const JOB_BYTES = 64;

/** Quads of a run, of which four are done at a time, and 16 are summed apart. */
export const RUN_QUADS = 256;
export const GROUP_QUADS = 16;
