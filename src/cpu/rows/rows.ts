import type { Finding } from "../../engine/checks.ts";
import type { ReadLoss } from "../../kernels/cross-entropy-options.ts";
import type { RowReference } from "../../kernels/row-call.ts";
import type { WasmModule } from "../cores.ts";
import { divergenceOf } from "../divergence.ts";
import { kept, type Lodged } from "../lodging.ts";
import type { Workspace } from "../workspace.ts";
import { BEYOND } from "./divergence.ts";
import { crossEntropy, RECORD } from "./loss.ts";
import { divergenceModule, NARROW, rowModule } from "./modules.ts";
import type { RowFunction } from "./row-function.ts";
import { entropy, logSoftmax, logSumExp, softmax } from "./values.ts";

/** Values of the smallest call that goes this way: smaller ones are exactly rounded by their references. */
const LEAST = 4_096;

/** Operands and results of a call by name. */
export type Operands = Readonly<Record<string, Lodged>>;

export interface Done {
  readonly outputs: Operands;
  readonly badRow?: number | undefined;
  readonly bad?: Finding | undefined;
}

/** A reference's work in WebAssembly, or undefined where it declines. */
type Kernel = (options: never, given: Operands, space: Workspace) => Promise<Done> | undefined;

/** The row functions in f32, by the names of their references; masks, soft targets and smoothing stay with those. */
export const rowKernels: Readonly<Record<string, Kernel>> = {
  softmax: written(softmax),
  logSoftmax: written(logSoftmax),
  logSumExp: reduced(logSumExp),
  entropy: reduced(entropy),
  klDivergence: divergence,
  crossEntropy: loss(false),
  crossEntropyWithGradient: loss(true),
};

function suits({ rows, begin, end, mask }: RowReference): boolean {
  return mask === "none" && rows * (end - begin) >= LEAST;
}

function written(of: (unit: boolean) => RowFunction): Kernel {
  return (options: RowReference, given, space) => {
    if (!suits(options)) return undefined;
    const y = space.result(options.rows * (options.end - options.begin));
    return runRows(space, options, given, {
      module: rowModule(of(options.rate === 1), space.shared),
      y: y.address,
    }).then(() => ({
      outputs: { y },
    }));
  };
}

function reduced(of: RowFunction): Kernel {
  return (options: RowReference, given, space) => {
    if (!suits(options)) return undefined;
    const y = space.result(options.rows);
    return runRows(space, options, given, { module: rowModule(of, space.shared), y: y.address }).then(() => ({
      outputs: { y: kept(y) },
    }));
  };
}

function divergence(options: RowReference, given: Operands, space: Workspace): Promise<Done> | undefined {
  if (!suits(options)) return undefined;
  const y = space.result(options.rows);
  const q = space.addressOf(operand(given, "other")) + 4 * options.begin;
  const work = { module: divergenceModule(space.shared), entry: "wide", y: y.address, more: () => [q] };
  return runRows(space, options, given, work).then(() => {
    const views = { x: operand(given, "x").values(), other: operand(given, "other").values() };
    const values = y.values();
    for (let row = values.indexOf(BEYOND); row >= 0; row = values.indexOf(BEYOND, row + 1)) {
      values[row] = divergenceOf(options, views, row);
    }
    return { outputs: { y: kept(y) } };
  });
}

interface RowWork {
  readonly module: WasmModule;
  /** By default what the width calls for. */
  readonly entry?: string;
  readonly y: number;
  /** Arguments beyond those of every entry, for task k. */
  more?(k: number): readonly number[];
}

function tasksOf(space: Workspace, { rows, begin, end }: RowReference): readonly (readonly [number, number])[] {
  const share = space.share(rows, end - begin);
  return Array.from({ length: Math.ceil(rows / share) }, (_, k) => [k * share, Math.min(rows, (k + 1) * share)]);
}

async function runRows(space: Workspace, options: RowReference, given: Operands, work: RowWork): Promise<void> {
  const { rows, classes, begin, end, rate } = options;
  const width = end - begin;
  const x = space.addressOf(operand(given, "x")) + 4 * begin;
  const tasks = tasksOf(space, options).map(([first, last], k) => [
    ...[x, work.y, first, last, 4 * classes, 4 * width, rate],
    ...(work.more?.(k) ?? []),
  ]);
  const { entry = width <= NARROW ? "narrow" : "wide" } = work;
  await space.run(work.module, entry, tasks, rows * width);
}

function operand(given: Operands, name: string): Lodged {
  const found = given[name];
  if (!found) throw new Error(`a row kernel without '${name}'`);
  return found;
}

type LossReference = RowReference & ReadLoss & { readonly soft: boolean };

function loss(gradient: boolean): Kernel {
  return (options: LossReference, given, space) => {
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
    module: rowModule(crossEntropy(withGradient, options.rate === 1), space.shared),
    y: gradient?.address ?? 0,
    more: (k) => [
      ...[targets, weights, classes, begin, ignoreIndex, losses?.address ?? 0, records.address + 8 * RECORD * k],
      ...[zLoss, perWeight, perRow],
    ],
  };
  await runRows(space, options, given, work);
  const total = totalOf(records.read());
  const result = losses ? kept(losses) : single(reduction === "sum" ? total.sum : total.mean);
  return { outputs: { loss: result, ...(gradient && { gradient }) }, badRow: total.badRow };
}

function single(value: number): Lodged {
  const array = Float32Array.of(value);
  return { values: () => array, free: () => {} };
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
