import { gaussianParts } from "../cases/gaussian.ts";
import { latencyParts } from "../cases/latency.ts";
import { sampleParts } from "../cases/monte-carlo.ts";
import { selects } from "../cases/parts.ts";
import { rowFunctions, rowShapes } from "../cases/rows.ts";
import { checks } from "../checks/checks.ts";
import { scalings } from "../scaling/scalings.ts";

/** Something to tick. */
export interface Choice {
  readonly id: string;
  readonly label: string;
}

export interface Group {
  readonly title: string;
  readonly choices: readonly Choice[];
}

const shapes = rowShapes.map(
  ([rows, classes]): Choice => ({ id: `${rows}x${classes}`, label: `${rows} × ${classes}` }),
);
const same = (id: string): Choice => ({ id, label: id });
const partIds = (parts: readonly { readonly ids: readonly string[] }[]) => parts.flatMap(({ ids }) => ids).map(same);

/** What can be chosen; functions and shapes of rows are chosen apart. */
export const groups: readonly Group[] = [
  { title: "Functions of rows", choices: rowFunctions.map(same) },
  { title: "Shapes of rows", choices: shapes },
  { title: "Gaussians and Monte Carlo", choices: partIds([...gaussianParts, ...sampleParts]) },
  { title: "Latency", choices: partIds(latencyParts) },
  { title: "Time against size", choices: scalings.map(({ id }) => same(id)) },
  { title: "Checks of ours", choices: Object.keys(checks).map(same) },
];

const ofRows = new Set([...rowFunctions, ...shapes.map(({ id }) => id)]);

/** The ids of the cases that ticks mean. */
export function idsOf(ticked: ReadonlySet<string>): string[] {
  const rows = rowFunctions
    .filter((name) => ticked.has(name))
    .flatMap((name) => shapes.filter(({ id }) => ticked.has(id)).map(({ id }) => `${name}/${id}`));
  return [...rows, ...[...ticked].filter((id) => !ofRows.has(id))];
}

/** The ticks that an address asks for; without a case in it a few that tell the most. */
export function ticksOf(cases: readonly string[]): Set<string> {
  const words = cases.length > 0 ? cases : usual;
  const ticked = new Set<string>();
  for (const name of rowFunctions) {
    for (const { id } of shapes) {
      if (selects(words, `${name}/${id}`)) ticked.add(name).add(id);
    }
  }
  for (const { choices } of groups.slice(2)) {
    for (const { id } of choices) if (selects(words, id)) ticked.add(id);
  }
  return ticked;
}

const usual = ["softmax/4096x1024", "crossEntropy/448x32064", "expectation/square", "round-trip"];
