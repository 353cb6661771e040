import type { Work } from "../cases/case.ts";
import type { Kind, Role } from "../contestants/contestant.ts";
import type { Spans } from "./race.ts";
import type { Spread } from "./statistics.ts";

/** How one contestant did at one case. */
interface Outcome {
  readonly name: string;
  readonly role: Role;
  readonly version: string;
  readonly threads?: number;
  readonly note: string;
  /** Milliseconds of the very first call, of the first heat: compilation and allocation are in it. */
  readonly first: number;
  /** Against f64, in the first heat. */
  readonly error?: number;
  readonly standardErrors?: number;
}

export interface HeatResult extends Outcome {
  readonly spans: Spans;
}

/**
 * All contestants of a kind at one case, in one page. A race is run in several heats, minutes apart and each in a page of its
 * own, since what a page's memory and compiler, and the machine, happen to be like stays for as long as a heat does.
 */
export interface Heat {
  readonly id: string;
  readonly title: string;
  readonly kind: Kind;
  readonly work: Work;
  readonly results: readonly HeatResult[];
  /** Who could not take part, and why. */
  readonly absent: Readonly<Record<string, string>>;
}

/** Over all heats. A spread's median is the median of the heats' medians; the rest of it is over all rounds. */
export interface Result extends Outcome {
  /** Of each heat that it took part in, by the heat's number. */
  readonly heats: Readonly<Record<number, Spans>>;
  /** Milliseconds a call. */
  readonly wall: Spread;
  /** On the device's own clock. */
  readonly gpu?: Spread;
  /** In the unit of the case's work, by the median of the wall time. */
  readonly rate?: number;
  /** Of the ceiling's rate. */
  readonly share?: number;
  /** How many times as long as ours of the same kind. */
  readonly ratio?: Spread;
}

export interface Comparison extends Omit<Heat, "results"> {
  /** How many heats there were. */
  readonly heats: number;
  readonly results: readonly Result[];
}
