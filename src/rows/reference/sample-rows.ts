import type { Computed, Given } from "../../engine/cpu/work.ts";

interface Rows {
  readonly rows: number;
  readonly columns: number;
}

function at(given: Given, name: string, k: number): number {
  return given[name]?.[k] ?? 0;
}

/** Ids drawn from rows of probabilities that need not add up to 1; -1 where they add up to nothing. */
export function sampleRowsReference(options: Rows & { readonly first: number }, given: Given): Computed {
  const { rows, columns, first } = options;
  const y = Int32Array.from({ length: rows }, (_, row) => {
    const start = row * columns;
    let total = 0;
    for (let c = 0; c < columns; c++) total += at(given, "x", start + c);
    if (!(total >= 2 ** -64 && total <= 2 ** 64)) return -1;
    const aim = at(given, "u", row) * total;
    let [reached, chosen] = [0, 0];
    for (let c = 0; c < columns && reached <= aim; c++) {
      const p = at(given, "x", start + c);
      if (p > 0) chosen = c;
      reached += p;
    }
    return first + chosen;
  });
  return { outputs: { y } };
}
