import type { BadRow } from "../../engine/checks.ts";
import { ownArray } from "../../engine/cpu/allocation.ts";
import type { Done, Operands } from "../../engine/cpu/work.ts";
import type { Workspace } from "../../engine/cpu/workspace.ts";
import { operand } from "../../rows/cpu/call.ts";
import type { GaussianReference } from "../gaussian.ts";
import { ratesOf } from "../values.ts";
import { DIAGONAL_GROUP, diagonalModule } from "./diagonal.ts";
import { groupOf } from "./matrix-form.ts";
import { ownMatrixModule } from "./own-matrix.ts";
import { padded, valuesOf, wrongSpread } from "./prepare.ts";
import { factorAt, gaussianRows, levelOf } from "./reference.ts";
import { Results } from "./results.ts";
import { type Call, runRows } from "./run-rows.ts";
import { SHARED_GROUP, sharedBytes, sharedMatrixModule } from "./shared-matrix.ts";
import { largeBytes } from "./solve-large.ts";
import { tiled } from "./tiles.ts";

/** Values of the smallest call that goes this way: smaller ones are exactly rounded by the reference. */
const LEAST = 4_096;

/** The reference's work in WebAssembly, or undefined where it stays with the reference. */
export function gaussianKernel(
  options: GaussianReference,
  given: Operands,
  space: Workspace,
): Promise<Done> | undefined {
  const { rows, dimension, name, spread } = options;
  const diagonal = name === "std" || name === "variance";
  const width = dimension * (spread.perRow && !diagonal ? dimension : 1);
  if (options.betweenFloats || rows * width < LEAST || rows < DIAGONAL_GROUP) return undefined;
  const call = { options, given, space, results: new Results(options, space) };
  if (diagonal) return spread.perRow ? ownDiagonals(call, name) : sharedDiagonal(call, name);
  return spread.perRow ? ownMatrices(call) : sharedMatrix(call);
}

async function sharedDiagonal(call: Call, name: "std" | "variance"): Promise<Done> {
  const { options, given, space, results } = call;
  const values = Float64Array.from(valuesOf(options, given, "spread"));
  const bad = wrongSpread(options, values);
  if (bad) return { outputs: results.outputs(), bad };
  const { rates, level } = ratesOf(values, name === "variance");
  await runDiagonal(call, "rates", space.addressOf(ownArray(padded(rates))), level);
  redo(call, extremesOf(call));
  return { outputs: results.outputs() };
}

async function ownDiagonals(call: Call, name: "std" | "variance"): Promise<Done> {
  const { options, given, space, results } = call;
  const spread = operand(given, "spread");
  const reports = await runDiagonal(call, name, space.addressOf(spread), 0);
  const wrong = reports.some(({ report }) => report !== 0);
  const bad = wrong ? wrongSpread(options, spread.values()) : undefined;
  if (!bad) redo(call, extremesOf(call));
  return { outputs: results.outputs(), bad };
}

function runDiagonal(call: Call, holds: "rates" | "std" | "variance", spread: number, level: number) {
  const { dimension, mean, root, gradients } = call.options;
  const form = { dimension, spread: holds, ownMean: mean.perRow, root, gradients };
  const module = diagonalModule(form, call.space.shared);
  const step = DIAGONAL_GROUP;
  return runRows(call, { module, spread, step, width: dimension, scratch: 0, more: () => [level] });
}

async function sharedMatrix(call: Call): Promise<Done> {
  const { options, given, space, results } = call;
  const { dimension, mean, root, gradients } = options;
  const factor = factorAt(options, valuesOf(options, given, "spread"), 0);
  if (!("lower" in factor)) return { outputs: results.outputs(), bad: factor };
  const level = levelOf(factor, dimension);
  await runRows(call, {
    module: sharedMatrixModule({ dimension, ownMean: mean.perRow, root, gradients }, space.shared),
    spread: space.addressOf(ownArray(tiled(factor.inverse, dimension))),
    step: SHARED_GROUP,
    // A value is multiplied with half a row of the matrix.
    width: dimension * Math.ceil(dimension / 8),
    scratch: sharedBytes(dimension),
    more: () => [level],
  });
  redo(call, extremesOf(call));
  return { outputs: results.outputs() };
}

/** What a value of a matrix is worth, when work is spread: so many values that are only read. */
const WORTH = 4;

async function ownMatrices(call: Call): Promise<Done> {
  const { options, given, space, results } = call;
  const { rows, dimension: d, name, mean, root, gradients } = options;
  const form = { dimension: d, scale: name === "scaleTril", ownMean: mean.perRow, root, gradients };
  const step = groupOf(d);
  // Two words a row, as a task may list some of its rows twice.
  const list = space.scratch(rows + step);
  const reports = await runRows(call, {
    module: ownMatrixModule(form, space.shared),
    spread: space.addressOf(operand(given, "spread")),
    step,
    width: WORTH * d * d,
    scratch: step === 4 ? 0 : largeBytes(d),
    more: (first) => [list.address + 8 * first],
  });
  const words = new Int32Array(list.read().buffer, list.address, 2 * rows + 2 * step);
  const doubtful = reports.flatMap(({ first, report }) => [...words.subarray(2 * first, 2 * first + report)]);
  const bad = redo(call, [...doubtful, ...extremesOf(call)]);
  return { outputs: results.outputs(), bad };
}

/** Rows whose distance is such that its square left f32, or is of squares that may have vanished. */
function extremesOf({ options, results }: Call): readonly number[] {
  if (!options.root) return [];
  const { y } = results.views();
  const rows: number[] = [];
  y.forEach((distance, row) => {
    if (!(distance >= 2 ** -40 && distance <= 2 ** 60)) rows.push(row);
  });
  return rows;
}

/** Has the reference do rows again, until one of them is bad. */
function redo({ options, given, results }: Call, rows: readonly number[]): BadRow | undefined {
  if (rows.length === 0) return undefined;
  const arrays = Object.entries(given).map(([name, allocation]) => [name, allocation.values()]);
  const reference = gaussianRows(options, Object.fromEntries(arrays));
  const { y, slopes } = results.views();
  for (const row of [...new Set(rows)].sort((a, b) => a - b)) {
    reference.write(row, y, slopes);
    if (reference.bad()) break;
  }
  return reference.bad();
}
