/**
 * Whether this is `npm run test:exhaustive`, which tries every shape, sample and step. `npm test` tries each kind of them: both sides of
 * every edge once, fewer samples with bands as wide as their number makes them.
 *
 * The test files that import this are those that `npm run test:exhaustive` runs.
 */
export const exhaustive = import.meta.env.MODE === "exhaustive";
