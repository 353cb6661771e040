import type { Contestant, Kind } from "../contestants/contestant.ts";
import { entries } from "../contestants/entries.ts";
import { attempt } from "./attempt.ts";

/** Who takes part, and who wanted to and why not. */
export interface Field {
  readonly kind: Kind;
  readonly contestants: readonly Contestant[];
  readonly absent: Readonly<Record<string, string>>;
  /** Whether the GPU is a program on the CPU. */
  readonly software: boolean;
}

const made = new Map<string, Promise<Contestant | Error>>();

/** All of a kind who can take part; those once made stay for as long as the page does. */
export async function fieldOf(kind: Kind, software: boolean, who: readonly string[]): Promise<Field> {
  const contestants: Contestant[] = [];
  const absent: Record<string, string> = {};
  for (const { name, kind: own, create } of entries(software)) {
    if (own !== kind || !(who.length === 0 || who.some((word) => name.includes(word)))) continue;
    const making = made.get(name) ?? attempt(create);
    made.set(name, making);
    const contestant = await making;
    if (contestant instanceof Error) absent[name] = contestant.message;
    else contestants.push(contestant);
  }
  return { kind, contestants, absent, software };
}
