import { type Output, runUnits, unitsOf } from "./benchmark.ts";
import { browserName, environmentOf } from "./environment.ts";
import { optionsOf } from "./options.ts";
import { comparisonTable } from "./report/markdown.ts";
import type { Run } from "./report/record.ts";
import { scalingTables } from "./report/scaling-tables.ts";
import { markdownTable } from "./report/table.ts";

const options = optionsOf(new URLSearchParams(location.search));

const toConsole: Output = {
  progress: (text) => console.info(text),
  comparison: (one) => console.log(`${markdownTable(comparisonTable(one))}\n`),
  check: ({ table }) => console.log(`${markdownTable(table)}\n`),
  scaling: (one) => {
    for (const table of scalingTables(one)) console.log(`${markdownTable(table)}\n`);
  },
};

/** For whoever drives this page: the names of the units that its address selects, and one of them run. */
export interface Driven {
  units(): readonly string[];
  run(name: string, output?: Output, signal?: AbortSignal): Promise<Run>;
}

const driven: Driven = {
  units: () => unitsOf(options).map(({ name }) => name),
  run: async (name, output = toConsole, signal) => {
    const units = unitsOf(options).filter((unit) => unit.name === name);
    return runUnits(units, await environmentOf(browserName()), options, output, signal);
  },
};

Object.assign(globalThis, { benchmark: driven });
