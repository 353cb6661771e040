import type { I32, ValueType } from "../../wasm/code.ts";
import type { FunctionBuilder } from "../../wasm/module.ts";

/** What every entry over rows of a Gaussian is given, in this order: addresses, but for `first` and `end`. */
export const ROW_PARAMETERS = [
  "x",
  "mean",
  "spread",
  "y",
  "byx",
  "bymean",
  "bystd",
  "first",
  "end",
  /** Where the entry says what it could not do. */
  "report",
  "scratch",
] as const;

export type RowParameter = (typeof ROW_PARAMETERS)[number];

export const ROW_TYPES: readonly ValueType[] = ROW_PARAMETERS.map(() => "i32");

export function given(f: FunctionBuilder, name: RowParameter): I32 {
  return f.parameter("i32", ROW_PARAMETERS.indexOf(name));
}
