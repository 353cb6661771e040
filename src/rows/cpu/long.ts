import type { Operands } from "../../engine/cpu/work.ts";
import type { Workspace } from "../../engine/cpu/workspace.ts";
import { logSumExpOf, rowView } from "../reference/row.ts";
import type { RowReference } from "../row-call.ts";
import { operand } from "./call.ts";
import { partsModule, STATE_NUMBERS } from "./parts.ts";

/** Columns of the shortest row that is divided among threads, and of the shortest part. */
const [LONG, SHORTEST] = [1 << 17, 1 << 14];

/** Parts a thread, so that none waits long for another. */
const PARTS = 3;

/** What is known of a row when the states of its parts are merged. */
export interface LongRow {
  readonly peak: number;
  readonly sum: number;
  /** NaN, like `sum` and `slope`, for a row without a distribution. */
  readonly logSum: number;
  /** Σ p d, d = (x - peak) rate. */
  readonly slope: number;
  readonly logSumExp: number;
}

/** Whether rows are so few, and so long, that each is divided among threads, of which there are at least `least`. */
export function isLong({ rows, begin, end }: RowReference, space: Workspace, least: number): boolean {
  const width = end - begin;
  const threads = space.threadsFor(rows * width);
  return threads >= least && rows < threads && width >= LONG;
}

/** Columns [from, to) of a part of a row. */
interface ColumnRange {
  readonly row: number;
  readonly from: number;
  readonly to: number;
}

function partsOf({ rows, begin, end }: RowReference, space: Workspace): readonly ColumnRange[] {
  const width = end - begin;
  const wanted = Math.max(SHORTEST, (rows * width) / (space.threadsFor(rows * width) * PARTS));
  const size = Math.ceil(wanted / 16) * 16;
  const count = Math.ceil(width / size);
  return Array.from({ length: rows * count }, (_, k) => {
    const [row, from] = [Math.floor(k / count), (k % count) * size];
    return { row, from, to: Math.min(width, from + size) };
  });
}

/** Reads rows part by part. */
export async function longRows(space: Workspace, options: RowReference, given: Operands): Promise<LongRow[]> {
  const { rows, classes, begin, end, rate } = options;
  const parts = partsOf(options, space);
  const states = space.scratch(STATE_NUMBERS * parts.length);
  const x = space.addressOf(operand(given, "x")) + 4 * begin;
  const tasks = parts.map(({ row, from, to }, k) => {
    const start = x + 4 * row * classes;
    return [start + 4 * from, start + 4 * to, rate, states.address + 8 * STATE_NUMBERS * k];
  });
  await space.run(partsModule(space.shared), "state", tasks, rows * (end - begin));
  const numbers = states.read();
  const count = parts.length / rows;
  return Array.from({ length: rows }, (_, row) => {
    const from = STATE_NUMBERS * count * row;
    const merged = mergedRow(numbers.subarray(from, from + STATE_NUMBERS * count), rate);
    if (!Number.isNaN(merged.logSum)) return merged;
    return { ...merged, logSumExp: logSumExpOf(rowView(options, { x: operand(given, "x").values() }, row)) };
  });
}

/** The states of a row's parts together, in f64. */
function mergedRow(states: Float64Array, rate: number): LongRow {
  let peak = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < states.length; at += STATE_NUMBERS) peak = Math.max(peak, states[at] ?? 0);
  let [ties, rest, slope] = [0, 0, 0];
  for (let at = 0; at < states.length; at += STATE_NUMBERS) {
    const [own = 0, tied = 0, others = 0, tilt = 0] = states.subarray(at, at + STATE_NUMBERS);
    const t = (own - peak) * rate;
    const factor = Math.exp(t);
    if (own === peak) ties += tied;
    rest += own === peak ? others : factor * (tied + others);
    // Where the factor is 0 the distance may be infinite.
    if (factor !== 0) slope += factor * (tilt + t * (tied + others));
  }
  const sum = ties > 0 ? ties + rest : Number.NaN;
  const logSum = ties > 0 ? Math.log1p(ties - 1 + rest) : Number.NaN;
  return { peak, sum, logSum, slope: slope / sum, logSumExp: peak * rate + logSum };
}

/** How rows are written once they are known. */
export interface LongWriting {
  readonly y: number;
  readonly entry: string;
  readonly rows: readonly LongRow[];
  readonly factors: readonly number[];
}

/** Writes exp(d) times a row's factor, or d less it. */
export async function writeLong(
  space: Workspace,
  options: RowReference,
  given: Operands,
  { y, entry, rows, factors }: LongWriting,
): Promise<void> {
  const { classes, begin, end, rate } = options;
  const width = end - begin;
  const x = space.addressOf(operand(given, "x")) + 4 * begin;
  const tasks = partsOf(options, space).map(({ row, from, to }) => {
    const start = x + 4 * row * classes;
    const target = y + 4 * (row * width + from);
    return [start + 4 * from, start + 4 * to, target, rows[row]?.peak ?? 0, factors[row] ?? 0, rate];
  });
  await space.run(partsModule(space.shared), entry, tasks, options.rows * width);
}
