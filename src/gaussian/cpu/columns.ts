import type { I32, Statement, V128 } from "../../wasm/code.ts";
import type { FunctionBuilder } from "../../wasm/module.ts";
import { i32, select } from "../../wasm/scalar.ts";
import { v128 } from "../../wasm/simd.ts";

/** Four neighbouring columns of a row, or the last, of which only `lanes` are the row's. */
export interface Columns {
  /** Bytes from the row's start that are known when the code runs, and those that are known before. */
  readonly running?: I32;
  readonly offset: number;
  readonly lanes: number;
}

/** Columns whose code is written out. */
const WRITTEN_OUT = 32;

/** Bytes of columns between one `settle` and the next: f32 sums of at most 64 terms a lane. */
const PART = 1_024;

/** Visits the columns of rows of `size` values; after many of them, and at the end of a long row, it settles. */
export function eachColumns(
  f: FunctionBuilder,
  size: number,
  visit: (columns: Columns) => void,
  settle: () => void = () => {},
): void {
  const whole = size <= WRITTEN_OUT ? 0 : 4 * (size - (size % 4));
  if (whole > 0) {
    f.for(i32.const(0), i32.const(whole), PART, (start) => {
      const next = f.let(i32.add(start, i32.const(PART)));
      const end = f.let(select(i32.ltU(next, i32.const(whole)), next, i32.const(whole)));
      f.for(start, end, 16, (running) => visit({ running, offset: 0, lanes: 4 }));
      settle();
    });
  }
  for (let offset = whole; offset < 4 * size; offset += 16) {
    visit({ offset, lanes: Math.min(4, size - offset / 4) });
  }
  if (whole > 0 && size % 4 > 0) settle();
}

const place = (base: I32, { running }: Columns): I32 => (running ? i32.add(base, running) : base);

/** The columns of a row that starts `bytes` behind an address: beyond the row's last, whatever is there. */
export function loadColumns(base: I32, columns: Columns, bytes = 0): V128 {
  return v128.load(place(base, columns), columns.offset + bytes);
}

export function storeColumns(base: I32, columns: Columns, value: V128, bytes = 0): Statement {
  const at = place(base, columns);
  const offset = columns.offset + bytes;
  if (columns.lanes === 4) return v128.store(at, value, offset);
  return Array.from({ length: columns.lanes }, (_, k) => v128.storeLane(at, value, k, offset + 4 * k)).flat();
}

/** All ones in the lanes that are the row's; undefined where it is all. */
export function maskOf({ lanes }: Columns): V128 | undefined {
  const [a, b, c] = [0, 1, 2].map((k) => (k < lanes ? -1 : 0)) as [number, number, number];
  return lanes === 4 ? undefined : v128.words(a, b, c, 0);
}
