import { table } from "../format.ts";

/** Something that must hold, and what was found. */
export interface Gate {
  readonly name: string;
  readonly needed: string;
  readonly measured: string;
  readonly pass: boolean;
}

/** What a case of its own reports: a part of the report, and its gates. */
export interface GateCase {
  readonly markdown: string;
  readonly gates: readonly Gate[];
}

export function gateTable(gates: readonly Gate[]): string {
  const rows = gates.map(({ name, needed, measured, pass }) => [name, needed, measured, pass ? "pass" : "**miss**"]);
  return `### Gates\n\n${table(["gate", "needed", "measured", "verdict"], rows)}`;
}

/** A gate that asks for at least so many times a peer's speed. */
export function speedGate(name: string, factor: number, theirs: number, ours: number): Gate {
  const ratio = theirs / ours;
  return { name, needed: `≥ ${factor}×`, measured: `${ratio.toFixed(2)}×`, pass: ratio >= factor };
}
