import type { I32 } from "../../wasm/code.ts";
import type { GradientName } from "../bindings.ts";

/** Properties of a call that a module for rows with a matrix each is generated for. */
export interface MatrixForm {
  readonly dimension: number;
  /** Whether the matrices are factors, else covariances. */
  readonly scale: boolean;
  readonly ownMean: boolean;
  readonly root: boolean;
  readonly gradients: readonly GradientName[];
}

/** Addresses of a group's first row. */
export type MatrixAddresses = Readonly<Record<"x" | "mean" | "spread" | "y" | "byx" | "bymean" | "scratch", I32>>;

/** Matrices up to which the code of a solution is written out, in locals. */
const SMALL = 8;

/** How many rows are solved together: four of small matrices, two of large ones. */
export type Group = 2 | 4;

export function groupOf(dimension: number): Group {
  return dimension <= SMALL ? 4 : 2;
}
