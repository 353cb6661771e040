import type { WasmModule } from "../../engine/cpu/cores.ts";
import type { Operands } from "../../engine/cpu/work.ts";
import type { Workspace } from "../../engine/cpu/workspace.ts";
import { operand } from "../../rows/cpu/call.ts";
import type { GaussianReference } from "../gaussian.ts";
import { meanAt } from "./prepare.ts";
import type { Results } from "./results.ts";

export interface Call {
  readonly options: GaussianReference;
  readonly given: Operands;
  readonly space: Workspace;
  readonly results: Results;
}

export interface RowWork {
  readonly module: WasmModule;
  /** Where the spread lies. */
  readonly spread: number;
  /** Rows that are done together. */
  readonly step: number;
  /** What a row is worth in values, when work is spread. */
  readonly width: number;
  /** Bytes that a thread needs for itself. */
  readonly scratch: number;
  /** Arguments beyond those of every entry, for the task that begins with this row. */
  more(first: number): readonly number[];
}

/** Runs the entry "rows" for all rows; gives the report of each task, and the row that it began with. */
export async function runRows(
  { options, given, space, results }: Call,
  { module, spread, step, width, scratch, more }: RowWork,
): Promise<readonly { readonly first: number; readonly report: number }[]> {
  const { rows } = options;
  const share = space.share(rows, width, step);
  const count = Math.ceil(rows / share);
  const reports = space.scratch(Math.ceil(count / 2));
  // One thread does one task after the other.
  const own = space.threadsFor(rows * width) === 1 ? 0 : scratch;
  const room = space.scratch(Math.ceil((own * (count - 1) + scratch) / 8)).address;
  const x = space.addressOf(operand(given, "x"));
  const mean = meanAt(options, given, space);
  const [y, ...slopes] = results.addresses;
  const firsts = Array.from({ length: count }, (_, k) => k * share);
  const tasks = firsts.map((first, k) => {
    const end = Math.min(rows, first + share);
    const rest = [reports.address + 4 * k, room + own * k, ...more(first)];
    return [x, mean, spread, y, ...slopes, first, end, ...rest];
  });
  await space.run(module, "rows", tasks, rows * width);
  const words = new Int32Array(reports.read().buffer, reports.address, count);
  return firsts.map((first, k) => ({ first, report: words[k] ?? 0 }));
}
