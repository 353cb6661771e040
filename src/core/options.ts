import { InputError } from "./errors.ts";

/** What a message shows of a value that was not what was needed. */
export function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 24));
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (value instanceof Promise) return "a promise; await it first";
  return value !== null && typeof value === "object" ? "an object" : String(value);
}

/** Refuses names that no option has: a misspelt option must not be silently ignored. */
export function checkNamesOf(options: unknown, names: readonly string[], where: string): void {
  if (typeof options !== "object" || options === null || Array.isArray(options) || options instanceof Promise) {
    const some = `${names.slice(0, 3).join(", ")}${names.length > 3 ? " …" : ""}`;
    throw new InputError(`${where}: needed options { ${some} }, got ${shown(options)}`);
  }
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new InputError(`${where}: there is no option '${unknown}'; there are ${names.join(", ")}`);
}

export function checkWhole(value: unknown, low: number, high: number, where: string, name: string): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= low && value <= high) return value;
  throw new InputError(`${where}: ${name} must be a whole number from ${low} to ${high}, got ${shown(value)}`);
}

export function checkFinite(value: unknown, where: string, name: string): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new InputError(`${where}: ${name} must be a finite number, got ${shown(value)}`);
}

export function checkChoice<T extends string>(value: unknown, choices: readonly T[], where: string, name: string): T {
  if ((choices as readonly unknown[]).includes(value)) return value as T;
  const list = choices.map((choice) => JSON.stringify(choice)).join(", ");
  throw new InputError(`${where}: ${name} must be one of ${list}, got ${shown(value)}`);
}

/** Refuses a callback that cannot be called. */
export function checkCallback(given: unknown, name: string, where: string): void {
  if (given === undefined || typeof given === "function") return;
  throw new InputError(`${where}: ${name} must be a function, got ${shown(given)}`);
}

/** The most samples of a run: indexes stay exact. */
export const MOST_SAMPLES = 2 ** 53;
