/** How one key of a link is read and written; `read` gives undefined for what is malformed or out of bounds. */
export interface Field<T> {
  readonly read: (text: string) => T | undefined;
  readonly write: (value: T) => string;
}

export type Fields<S> = { readonly [K in keyof S]: Field<S[K]> };

export interface Parsed<S> {
  readonly values: Partial<S>;
  /** What was not understood, in words for the reader. */
  readonly problems: readonly string[];
}

/** Longest fragment that is read at all. */
export const longestFragment = 4096;

/** Reads `#key=value&key=value`. What is unknown, twice given or out of bounds is left out and named. */
export function readFragment<S extends object>(hash: string, fields: Fields<S>): Parsed<S> {
  const text = hash.replace(/^#/, "");
  // A plain anchor, such as the skip link's, is not a link to a state.
  if (text === "" || !text.includes("=")) return { values: {}, problems: [] };
  if (text.length > longestFragment) return { values: {}, problems: ["the link is too long"] };
  const known = new Map<string, Field<unknown>>(Object.entries(fields));
  const values = new Map<string, unknown>();
  const problems: string[] = [];
  for (const pair of text.split("&")) {
    const [key = "", value, ...rest] = pair.split("=");
    const field = known.get(key);
    const read = value === undefined || rest.length > 0 ? undefined : field?.read(value);
    if (field === undefined) problems.push(`“${key.slice(0, 24)}” is not a setting of this page`);
    else if (values.has(key)) problems.push(`“${key}” is there twice`);
    else if (read === undefined) problems.push(`“${key}” cannot be “${(value ?? "").slice(0, 24)}”`);
    else values.set(key, read);
  }
  return { values: Object.fromEntries(values) as Partial<S>, problems };
}

/** Writes those values that differ from the defaults. */
export function writeFragment<S extends object>(values: S, defaults: S, fields: Fields<S>): string {
  const pairs: string[] = [];
  for (const key of Object.keys(fields) as (keyof S & string)[]) {
    const text = fields[key].write(values[key]);
    if (text !== fields[key].write(defaults[key])) pairs.push(`${key}=${text}`);
  }
  return pairs.join("&");
}

/** A decimal number between two bounds, kept to a step. */
export function numberField(least: number, most: number, step: number): Field<number> {
  const decimals = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  return {
    read: (text) => {
      if (!/^-?\d{1,10}(\.\d{1,6})?$/.test(text)) return undefined;
      const value = Number(Number(text).toFixed(decimals));
      return value >= least && value <= most ? value : undefined;
    },
    write: (value) => String(Number(value.toFixed(decimals))),
  };
}

/** One of a few words. */
export function choiceField<T extends string>(...choices: readonly T[]): Field<T> {
  return { read: (text) => choices.find((choice) => choice === text), write: (value) => value };
}

/** Yes or no, as 1 or 0. */
export const switchField: Field<boolean> = {
  read: (text) => (text === "1" ? true : text === "0" ? false : undefined),
  write: (value) => (value ? "1" : "0"),
};
