import { UnsupportedError } from "../core/errors.ts";
import type { Limits, Operand, Range } from "../engine/plan.ts";

/** Rows that fit one dispatch's bindings: `first` is a multiple of 64, so that every binding may start there. */
export interface RowRange {
  readonly first: number;
  readonly rows: number;
}

/** 64 rows of any number of four-byte values fill whole steps of 256 bytes, the largest alignment of a binding. */
const STEP = 64;

/** Cuts rows of which each takes `bytes` bytes, in the operand that takes most, so that a chunk fits one binding. */
export function rowRangesOf(rows: number, bytes: number, limits: Limits, where: string): readonly RowRange[] {
  if (rows > 0 && rows * bytes <= limits.maxStorageBufferBindingSize) return [{ first: 0, rows }];
  const fit = Math.floor(limits.maxStorageBufferBindingSize / bytes / STEP) * STEP;
  if (fit < 1) {
    throw new UnsupportedError(
      "limits",
      `${where}: ${STEP} rows of ${bytes} bytes exceed this device's largest binding of ${limits.maxStorageBufferBindingSize} bytes`,
    );
  }
  const chunks: RowRange[] = [];
  for (let first = 0; first < rows; first += fit) chunks.push({ first, rows: Math.min(fit, rows - first) });
  return chunks;
}

/** The bytes of a chunk's rows in a buffer that holds `width` values a row from `byteOffset` on. */
export function rangeOf(
  buffer: string,
  chunk: RowRange,
  width: number,
  { byteOffset }: Pick<Operand, "byteOffset">,
): Range {
  return { buffer, offset: byteOffset + chunk.first * width * 4, size: chunk.rows * width * 4 };
}

/** Where an operand that is not cut lies. */
export function wholeOf(buffer: string, values: number, { byteOffset }: Pick<Operand, "byteOffset">): Range {
  return { buffer, offset: byteOffset, size: values * 4 };
}
