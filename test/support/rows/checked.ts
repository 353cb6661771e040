import type { Operand } from "../../../src/engine/plan.ts";
import type { CheckedLoss } from "../../../src/rows/cross-entropy.ts";
import { type GradientOptions, readLoss } from "../../../src/rows/cross-entropy-options.ts";
import { type CheckedRows, type RowClassOptions, readRows } from "../../../src/rows/row-options.ts";
import type { CheckedStatistics, StatisticsOptions } from "../../../src/rows/row-statistics.ts";
import type { TargetKind } from "../../../src/rows/targets.ts";

// Checked calls as plans take them, of operands that need not be tensors.

export function checkedRows(x: Operand, options: RowClassOptions = {}, where = "test"): CheckedRows {
  return withDtype(readRows(x, options, where), options);
}

function withDtype<C extends CheckedRows>(rows: C, { dtype }: RowClassOptions): C {
  return dtype ? { ...rows, dtype } : rows;
}

export function checkedLoss(
  x: Operand,
  targets: TargetKind,
  options: GradientOptions = {},
  where = "crossEntropy",
): CheckedLoss {
  return { ...checkedRows(x, options, where), loss: readLoss(x, options, where), targets, targetsName: "targets" };
}

export function checkedStatistics(
  x: Operand,
  targets: TargetKind | undefined,
  options: StatisticsOptions = {},
): CheckedStatistics {
  return { ...readRows(x, options, "rowStatistics"), ignoreIndex: options.ignoreIndex ?? -100, targets };
}
