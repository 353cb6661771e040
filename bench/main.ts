import { runUnits, unitsOf } from "./benchmark.ts";
import { browserName, environmentOf } from "./environment.ts";
import { optionsOf } from "./options.ts";
import { comparisonTable } from "./report/markdown.ts";
import { scalingTables } from "./report/scaling-tables.ts";
import { markdownTable } from "./report/table.ts";

const query = new URLSearchParams(location.search);
const options = optionsOf(query);

/** For the script that drives the page: the names of the units, and one of them run. */
Object.assign(globalThis, {
  benchmark: {
    units: () => unitsOf(options).map(({ name }) => name),
    run: async (name?: string) => {
      const units = unitsOf(options).filter((unit) => name === undefined || unit.name === name);
      return runUnits(units, await environmentOf(browserName()), options, {
        progress: (text) => console.info(text),
        comparison: (one) => console.log(`${markdownTable(comparisonTable(one))}\n`),
        check: ({ table }) => console.log(`${markdownTable(table)}\n`),
        scaling: (one) => {
          for (const table of scalingTables(one)) console.log(`${markdownTable(table)}\n`);
        },
      });
    },
  },
});
