import type { Kind, Role } from "../contestants/contestant.ts";
import type { Line } from "./fit.ts";

/** Time against a size. */
export interface Point {
  readonly n: number;
  /** Median of a few calls. */
  readonly milliseconds: number;
  /** Bytes that the contestant holds while it works, where it can tell. */
  readonly bytes?: number;
}

export interface Series {
  readonly name: string;
  readonly kind: Kind;
  readonly role: Role;
  readonly points: readonly Point[];
  /** The size at which it could not go on, and why. */
  readonly end?: { readonly n: number; readonly reason: string };
  /** Milliseconds of a call and of an element, fitted to the points. */
  readonly fit?: Line;
}

/** How time grows with one size, all else equal. */
export interface Scaling {
  readonly id: string;
  readonly title: string;
  /** What the size counts: samples, rows or classes. */
  readonly axis: string;
  readonly series: readonly Series[];
}
