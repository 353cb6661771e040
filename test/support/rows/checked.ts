import type { Operand } from "../../../src/engine/plan.ts";
import type { CheckedLoss } from "../../../src/rows/cross-entropy.ts";
import { type LossOptions, readLoss } from "../../../src/rows/cross-entropy-options.ts";
import { type RowOptions, readRows } from "../../../src/rows/row-options.ts";
import type { CheckedStatistics, StatisticsOptions } from "../../../src/rows/row-statistics.ts";
import type { TargetKind } from "../../../src/rows/targets.ts";

// Checked calls as plans take them, of operands that need not be tensors.

export function checkedRows(x: Operand, options: RowOptions = {}, where = "test") {
  return readRows(x, options, where);
}

export function checkedLoss(
  x: Operand,
  targets: TargetKind,
  options: LossOptions = {},
  where = "crossEntropy",
): CheckedLoss {
  return { ...readRows(x, options, where), loss: readLoss(x, options, where), targets, targetsName: "targets" };
}

export function checkedStatistics(
  x: Operand,
  targets: TargetKind | undefined,
  options: StatisticsOptions = {},
): CheckedStatistics {
  return { ...readRows(x, options, "rowStatistics"), ignoreIndex: options.ignoreIndex ?? -100, targets };
}
