import { InputError } from "../core/errors.ts";
import type { Distribution } from "../distributions/distribution.ts";
import { checkDistribution } from "../distributions/parts.ts";

/** Refuses what are not two distributions of one shape. */
export function checkPair(p: Distribution, q: Distribution, where: string): void {
  checkDistribution(p, "p", where);
  checkDistribution(q, "q", where);
  if (p.shape.join() === q.shape.join()) return;
  throw new InputError(`${where}: q must have p's shape [${p.shape.join()}], got [${q.shape.join()}]`);
}

/** Rényi's order, which has limits at both ends. */
export function checkAnyOrder(alpha: number, where: string): void {
  if (typeof alpha === "number" && alpha >= 0) return;
  throw new InputError(`${where}: alpha must be a number from 0 to Infinity, got ${String(alpha)}`);
}

/** Rényi's order of an estimate. */
export function checkOrder(alpha: number | undefined, where: string): number {
  if (typeof alpha === "number" && alpha > 0 && Number.isFinite(alpha)) return alpha;
  throw new InputError(`${where}: alpha must be a finite number above 0, got ${String(alpha)}`);
}
