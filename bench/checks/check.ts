import type { Table } from "../report/table.ts";

/** Something that must hold, and what was found. */
export interface Gate {
  readonly name: string;
  readonly needed: string;
  readonly measured: string;
  readonly pass: boolean;
}

/** A check that is run by its name: what was measured, and what must hold of it. */
export interface Check {
  readonly table: Table;
  readonly gates: readonly Gate[];
}

export function gateTable(gates: readonly Gate[]): Table {
  const rows = gates.map(({ name, needed, measured, pass }) => [name, needed, measured, pass ? "pass" : "miss"]);
  return { title: "Gates", head: ["gate", "needed", "measured", "verdict"], rows };
}
