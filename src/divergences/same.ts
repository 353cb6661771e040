import type { Distribution } from "../distributions/distribution.ts";

/** Whether two distributions are one, or of one family with equal parameters. */
export function isSame(p: Distribution, q: Distribution): boolean {
  return p === q || (p.name === q.name && areEqual(p, q));
}

/** Whether two values that are made of numbers are equal, NaN being equal to itself; functions are what their numbers make them. */
function areEqual(a: unknown, b: unknown): boolean {
  if (typeof a === "function" && typeof b === "function") return true;
  if (typeof a !== "object" || typeof b !== "object" || !a || !b)
    return a === b || (Number.isNaN(a) && Number.isNaN(b));
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => areEqual((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]));
}
