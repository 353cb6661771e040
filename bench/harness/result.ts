import type { Work } from "../cases/case.ts";
import type { Kind, Role } from "../contestants/contestant.ts";
import type { Spread } from "./statistics.ts";

/** How one contestant did in one heat of a case; times are milliseconds a call. */
export interface HeatResult {
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
  /** The same on the device's own clock, where it has one and the span is long for it. */
  readonly gpu: readonly number[];
  readonly error?: number;
  readonly standardErrors?: number;
}

/**
 * All contestants of a kind at one case, in one page. A race is run in several heats, minutes apart and each in a page of its
 * own, since what a page's memory and compiler, and the machine, happen to be like stays for as long as a heat does.
 */
export interface Heat {
  readonly id: string;
  readonly title: string;
  readonly part: string;
  readonly kind: Kind;
  readonly work: Work;
  /** Rounds that the quick take part in. */
  readonly rounds: number;
  readonly results: readonly HeatResult[];
  /** Who could not take part, and why. */
  readonly absent: Readonly<Record<string, string>>;
}

/** How one contestant did at one case, over all heats. */
export interface Result extends Omit<HeatResult, "gpu"> {
  readonly wall: Spread;
  /** On the device's own clock. */
  readonly gpu?: Spread;
  /** In the unit of the case's work, by the median of the wall time. */
  readonly rate?: number;
  /** Of the ceiling's rate, by the median over the rounds. */
  readonly share?: number;
  /** How many times as long as ours of the same kind: over the rounds that both took part in. */
  readonly ratio?: Spread;
}

/** All contestants of a kind at one case, over all heats. */
export interface Comparison extends Omit<Heat, "results" | "rounds"> {
  readonly results: readonly Result[];
}
