import { InputError } from "../core/errors.ts";
import { shown } from "../core/options.ts";

/** Refuses a callback that cannot be called. */
export function checkCallback(given: unknown, name: string, where: string): void {
  if (given === undefined || typeof given === "function") return;
  throw new InputError(`${where}: ${name} must be a function, got ${shown(given)}`);
}
