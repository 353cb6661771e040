import { kept } from "../../engine/cpu/allocation.ts";
import type { CpuModule, Done, Operands, WasmKernel } from "../../engine/cpu/work.ts";
import type { Workspace } from "../../engine/cpu/workspace.ts";
import { divergenceOf, klDivergenceReference } from "../reference/divergence.ts";
import type { LossReference } from "../reference/loss.ts";
import { crossEntropyReference, gradientReference } from "../reference/loss.ts";
import { entropyReference, logSoftmaxReference, logSumExpReference, softmaxReference } from "../reference/values.ts";
import type { RowReference } from "../row-call.ts";
import { operand, runRows, suits } from "./call.ts";
import { BEYOND } from "./divergence.ts";
import { isLong, type LongRow, longRows, writeLong } from "./long.ts";
import { lossKernel } from "./loss-call.ts";
import { divergenceModule, rowModule } from "./modules.ts";
import type { RowFunction } from "./row-function.ts";
import {
  entropy as rowEntropy,
  logSoftmax as rowLogSoftmax,
  logSumExp as rowLogSumExp,
  softmax as rowSoftmax,
} from "./values.ts";

/** Threads from which it is quicker to find a row's exponentials twice, spread, than once on one. */
const LEAST_WRITERS = 4;

// The row functions, in WebAssembly in f32; masks, soft targets and smoothing stay with the references.

export const softmax: CpuModule<RowReference> = {
  reference: softmaxReference,
  wasm: written(rowSoftmax, ({ sum }) => 1 / sum),
};

export const logSoftmax: CpuModule<RowReference> = {
  reference: logSoftmaxReference,
  wasm: written(rowLogSoftmax, ({ logSum }) => logSum),
};

export const logSumExp: CpuModule<RowReference> = {
  reference: logSumExpReference,
  wasm: reduced(rowLogSumExp, (row) => row.logSumExp),
};

export const entropy: CpuModule<RowReference> = {
  reference: entropyReference,
  wasm: reduced(rowEntropy, ({ logSum, slope }) => Math.max(logSum - slope, 0)),
};

export const klDivergence: CpuModule<RowReference> = { reference: klDivergenceReference, wasm: divergence };

export const crossEntropy: CpuModule<LossReference> = { reference: crossEntropyReference, wasm: lossKernel(false) };

export const crossEntropyWithGradient: CpuModule<LossReference> = {
  reference: gradientReference,
  wasm: lossKernel(true),
};

function written(of: (unit: boolean) => RowFunction, factorOf: (row: LongRow) => number): WasmKernel<RowReference> {
  return (options, given, space) => {
    if (!suits(options)) return undefined;
    const y = space.result(options.rows * (options.end - options.begin));
    return run(options, given, space, y.address).then(() => ({ outputs: { y } }));
  };

  async function run(options: RowReference, given: Operands, space: Workspace, y: number): Promise<void> {
    if (!isLong(options, space, LEAST_WRITERS)) {
      await runRows(space, options, given, { module: rowModule(of, options, space.shared), y });
      return;
    }
    const rows = await longRows(space, options, given);
    await writeLong(space, options, given, { y, entry: of(true).writes, rows, factors: rows.map(factorOf) });
  }
}

function reduced(of: RowFunction, measure: (row: LongRow) => number): WasmKernel<RowReference> {
  return (options, given, space) => {
    if (!suits(options)) return undefined;
    const y = space.result(options.rows);
    return run(options, given, space, y).then(() => ({ outputs: { y: kept(y) } }));
  };

  async function run(
    options: RowReference,
    given: Operands,
    space: Workspace,
    y: ReturnType<Workspace["result"]>,
  ): Promise<void> {
    if (isLong(options, space, 2)) y.values().set((await longRows(space, options, given)).map(measure));
    else await runRows(space, options, given, { module: rowModule(() => of, options, space.shared), y: y.address });
  }
}

function divergence(options: RowReference, given: Operands, space: Workspace): Promise<Done> | undefined {
  if (!suits(options)) return undefined;
  const y = space.result(options.rows);
  const q = space.addressOf(operand(given, "other")) + 4 * options.begin;
  const work = { module: divergenceModule(space.shared), y: y.address, more: () => [q] };
  return runRows(space, options, given, work).then(() => {
    const views = { x: operand(given, "x").values(), other: operand(given, "other").values() };
    const values = y.values();
    for (let row = values.indexOf(BEYOND); row >= 0; row = values.indexOf(BEYOND, row + 1)) {
      values[row] = divergenceOf(options, views, row);
    }
    return { outputs: { y: kept(y) } };
  });
}
