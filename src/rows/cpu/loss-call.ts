import { kept, ownArray } from "../../engine/cpu/allocation.ts";
import type { Done, Operands, WasmKernel } from "../../engine/cpu/work.ts";
import type { Workspace } from "../../engine/cpu/workspace.ts";
import type { LossReference } from "../reference/loss.ts";
import { operand, type RowWork, runRows, suits, tasksOf } from "./call.ts";
import { crossEntropy, RECORD } from "./loss.ts";
import { rowModule } from "./modules.ts";

/** Cross-entropy with class ids, and its gradient; soft targets and smoothing stay with the reference. */
export function lossKernel(gradient: boolean): WasmKernel<LossReference> {
  return (options, given, space) => {
    if (!suits(options) || options.soft || options.smoothing > 0) return undefined;
    return runLoss(space, options, given, gradient);
  };
}

async function runLoss(
  space: Workspace,
  options: LossReference,
  given: Operands,
  withGradient: boolean,
): Promise<Done> {
  const { rows, classes, begin, end, reduction, ignoreIndex, zLoss } = options;
  const each = reduction === "none";
  const gradient = withGradient ? space.result(rows * (end - begin)) : undefined;
  const losses = each ? space.result(rows) : undefined;
  const records = space.scratch(RECORD * tasksOf(space, options).length);
  const targets = space.addressOf(operand(given, "targets"));
  const weights = given.weight ? space.addressOf(given.weight) : 0;
  const { perWeight, perRow } = withGradient && reduction === "mean" ? sharesOf(options, given) : ONE;
  const work: RowWork = {
    module: rowModule((unit) => crossEntropy(withGradient, unit), options, space.shared),
    y: gradient?.address ?? 0,
    more: (k) => [
      ...[targets, weights, classes, begin, ignoreIndex, losses?.address ?? 0, records.address + 8 * RECORD * k],
      ...[zLoss, perWeight, perRow],
    ],
  };
  await runRows(space, options, given, work);
  const total = totalOf(records.read());
  const result = losses ? kept(losses) : ownArray(Float32Array.of(reduction === "sum" ? total.sum : total.mean));
  return { outputs: { loss: result, ...(gradient && { gradient }) }, badRow: total.badRow };
}

const ONE = { perWeight: 1, perRow: 1 };

/** What a mean's gradient divides by: the sum of the targets' weights, and how many count. */
function sharesOf({ classes, ignoreIndex }: LossReference, given: Operands) {
  const ids = operand(given, "targets").values();
  const weights = given.weight?.values();
  let [sum, count] = [0, 0];
  for (const id of ids) {
    if ((id | 0) === ignoreIndex || id >>> 0 >= classes) continue;
    sum += weights ? (weights[id] ?? 0) : 1;
    count += 1;
  }
  return { perWeight: 1 / sum, perRow: 1 / count };
}

/** The tasks' records together. */
function totalOf(records: Float64Array): { sum: number; mean: number; badRow: number | undefined } {
  const totals = [0, 0, 0, 0];
  let badRow: number | undefined;
  for (let at = 0; at < records.length; at += RECORD) {
    for (const k of totals.keys()) totals[k] = (totals[k] ?? 0) + (records[at + k] ?? 0);
    const bad = records[at + 4] ?? -1;
    if (bad >= 0) badRow ??= bad;
  }
  const [value = 0, z = 0, weight = 0, counted = 0] = totals;
  return { sum: value + z, mean: weight === 0 ? Number.NaN : value / weight + z / counted, badRow };
}
