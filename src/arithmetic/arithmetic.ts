import type { Elementary } from "./elementary.ts";

/** A function of one number. */
export type Unary = (x: number) => number;

/** The elementary functions in one precision. */
export type Arithmetic = { readonly name: "f32" | "f64"; readonly pow: (x: number, y: number) => number } & {
  readonly [name in Exclude<Elementary, "pow">]: Unary;
};
