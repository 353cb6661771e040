import { InputError } from "../core/errors.ts";
import { CONSTANTS, FUNCTIONS, WORDS } from "./functions.ts";

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;

/** Refuses names of parameters that a formula could not tell from something else. */
export function checkNames(names: readonly string[], where: string): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (typeof name !== "string" || !NAME.test(name)) {
      throw new InputError(
        `${where}: needed a parameter's name of at most 64 letters, digits and _, not starting with a digit, got ${shown(name)}`,
      );
    }
    if (FUNCTIONS.has(name) || CONSTANTS.has(name) || WORDS.includes(name)) {
      throw new InputError(`${where}: needed a parameter's name without another meaning, got '${name}'`);
    }
    if (seen.has(name)) throw new InputError(`${where}: needed different parameters, got '${name}' twice`);
    seen.add(name);
  }
}

function shown(name: unknown): string {
  return typeof name === "string" ? JSON.stringify(name.slice(0, 24)) : typeof name;
}
