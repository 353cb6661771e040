import { type Output, runUnits, unitsOf } from "./benchmark.ts";
import { browserName, environmentOf } from "./environment.ts";
import { optionsOf } from "./options.ts";
import { toJson } from "./report/json.ts";
import type { Findings } from "./report/record.ts";

const options = optionsOf(new URLSearchParams(location.search));

const toConsole: Output = { progress: (text) => console.info(text) };

/** For whoever drives this page: the names of the units that its address selects, and one of them run. */
export interface Driven {
  units(): readonly string[];
  run(name: string, output?: Output, signal?: AbortSignal): Promise<Findings>;
  /** The same as JSON, for a driver outside of the browser. */
  json(name: string): Promise<string>;
}

const driven: Driven = {
  units: () => unitsOf(options).map(({ name }) => name),
  run: async (name, output = toConsole, signal) => {
    const units = unitsOf(options).filter((unit) => unit.name === name);
    return runUnits(units, await environmentOf(browserName()), options, output, signal);
  },
  json: async (name) => toJson(await driven.run(name)),
};

Object.assign(globalThis, { benchmark: driven });
