import type { Work } from "../cases/case.ts";
import type { Kind, Role } from "../contestants/contestant.ts";
import type { Spread } from "./statistics.ts";

/** How one contestant did at one case; times are milliseconds a call. */
export interface Result {
  readonly name: string;
  readonly role: Role;
  readonly version: string;
  readonly threads?: number;
  readonly note: string;
  /** The very first call: compilation and allocation are in it. */
  readonly first: number;
  /** Calls in a span. */
  readonly calls: number;
  readonly rounds: readonly number[];
  /** Of each round's span. */
  readonly times: readonly number[];
  readonly wall: Spread;
  /** On the device's own clock. */
  readonly gpu?: Spread;
  /** In the unit of the case's work, by the median of the wall time. */
  readonly rate?: number;
  /** Of the ceiling's rate, by the median over the rounds. */
  readonly share?: number;
  /** How many times as long as ours of the same kind: over the rounds that both took part in. */
  readonly ratio?: Spread;
  readonly error?: number;
  readonly standardErrors?: number;
}

/** All contestants of a kind at one case. */
export interface Comparison {
  readonly id: string;
  readonly title: string;
  readonly part: string;
  readonly kind: Kind;
  readonly work: Work;
  readonly results: readonly Result[];
  /** Who could not take part, and why. */
  readonly absent: Readonly<Record<string, string>>;
}
