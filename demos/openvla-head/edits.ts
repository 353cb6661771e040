import { bins } from "../../src/robotics/openvla/openvla.ts";
import { clampLogit } from "./logits.ts";
import { dimensionCount, type Edits, grid, onGrid } from "./model.ts";

/** How many bins the pen moves at once. */
export const brushes = [1, 9, 33] as const;
export type Brush = (typeof brushes)[number];

/** A stroke of the pen from one point to another: `value` pulls the logits to it, `change` adds to them. */
export interface Stroke {
  readonly from: { readonly bin: number; readonly value: number };
  readonly to: { readonly bin: number; readonly value: number };
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const offset = 2048;

/** The edits after the pen pulled the logits towards a line. */
export function drawn(row: Float32Array, edits: Edits | null, brush: Brush, { from, to }: Stroke): Edits {
  const next = edits?.slice() ?? new Int16Array(bins);
  const current = row.slice();
  const count = Math.abs(to.bin - from.bin);
  for (let i = 0; i <= count; i++) {
    const along = count === 0 ? 1 : i / count;
    const centre = Math.round(from.bin + along * (to.bin - from.bin));
    const value = from.value + along * (to.value - from.value);
    touch(next, current, centre, brush, (logit, weight) => logit + weight * (value - logit));
  }
  return next;
}

/** The edits after the logits under the pen were raised by an amount. */
export function raised(row: Float32Array, edits: Edits | null, brush: Brush, bin: number, amount: number): Edits {
  const next = edits?.slice() ?? new Int16Array(bins);
  touch(next, row.slice(), bin, brush, (logit, weight) => logit + weight * amount);
  return next;
}

function touch(
  edits: Edits,
  row: Float32Array,
  centre: number,
  brush: Brush,
  change: (logit: number, weight: number) => number,
) {
  const reach = (brush - 1) / 2;
  for (let bin = Math.max(0, centre - reach); bin <= Math.min(bins - 1, centre + reach); bin++) {
    const weight = reach === 0 ? 1 : Math.cos((Math.PI / 2) * ((bin - centre) / (reach + 1))) ** 2;
    const old = row[bin] ?? 0;
    const logit = clampLogit(onGrid(change(old, weight)));
    edits[bin] = (edits[bin] ?? 0) + Math.round((logit - old) * grid);
    row[bin] = logit;
  }
}

/** Edits as text for a link: runs of `dimension.bin.` and two letters for each changed bin. */
export function writeEdits(all: readonly (Edits | null)[]): string {
  const runs: string[] = [];
  all.forEach((edits, d) => {
    let run = "";
    edits?.forEach((edit, bin) => {
      if (edit !== 0 && run === "") run = `${d}.${bin}.`;
      if (edit !== 0) run += letters(edit);
      if (run !== "" && (edit === 0 || bin === bins - 1)) {
        runs.push(run);
        run = "";
      }
    });
  });
  return runs.join("~");
}

/** The edits that such a text means, or undefined when it is not one. */
export function readEdits(text: string): readonly (Edits | null)[] | undefined {
  const all: (Edits | null)[] = Array.from({ length: dimensionCount }, () => null);
  if (text === "") return all;
  for (const run of text.split("~")) {
    const match = /^([0-6])\.(\d{1,3})\.((?:[A-Za-z0-9_-]{2})+)$/.exec(run);
    if (!match) return undefined;
    const [, dimension = "0", start = "0", body = ""] = match;
    const first = Number(start);
    if (first + body.length / 2 > bins) return undefined;
    const edits = all[Number(dimension)] ?? new Int16Array(bins);
    for (let i = 0; i < body.length / 2; i++) {
      edits[first + i] = alphabet.indexOf(body[2 * i] ?? "") * 64 + alphabet.indexOf(body[2 * i + 1] ?? "") - offset;
    }
    all[Number(dimension)] = edits;
  }
  return all;
}

function letters(edit: number): string {
  const word = Math.min(4095, Math.max(0, edit + offset));
  return (alphabet[word >> 6] ?? "A") + (alphabet[word & 63] ?? "A");
}
