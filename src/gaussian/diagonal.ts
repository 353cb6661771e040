import source from "../../shaders/gaussian/gaussian-diagonal.wgsl?raw";
import prepareSource from "../../shaders/gaussian/gaussian-prepare.wgsl?raw";
import bits from "../../shaders/lib/gaussian-bits.wgsl?raw";
import factor from "../../shaders/lib/gaussian-factor.wgsl?raw";
import value from "../../shaders/lib/gaussian-value.wgsl?raw";
import { math } from "../arithmetic/math-wgsl.ts";
import { defineKernel, grid, type Machine, type Pass, pass, type Range, specialise } from "../engine/plan.ts";
import {
  constantsOf,
  type GaussianOutputs,
  type GaussianWork,
  parameterRangeOf,
  resultsOf,
  spareOf,
} from "./bindings.ts";
import type { ReadGaussian } from "./options.ts";
import { perRowScalePass } from "./per-row-scale.ts";
import { type RowRange, rangeOf, rowRangesOf, wholeOf } from "./ranges.ts";
import { SHARED_SCALE_MOST, sharedScalePass } from "./shared-scale.ts";
import { checkMean, checkSpread, ratesOf } from "./values.ts";

export const kernel = defineKernel({
  name: "gaussian-diagonal",
  code: [math, bits, value, factor, source].join("\n"),
  bindings: {
    x: "read",
    mean: "read",
    spread: "read",
    y: "read_write",
    byx: "read_write",
    bymean: "read_write",
    bystd: "read_write",
    faults: "read_write",
  },
  params: {
    rows: "u32",
    first: "u32",
    row: "u32",
    size: "u32",

    meanstride: "u32",
    spreadbase: "u32",
    spreadstride: "u32",
    zero: "u32",
  },
});

const prepareKernel = defineKernel({
  name: "gaussian-prepare",
  code: [math, factor, prepareSource].join("\n"),
  bindings: { mean: "read", spread: "read", shape: "read_write", faults: "read_write" },
  params: { size: "u32", zero: "u32" },
});

/** Values that `spread` can hold (shaders/gaussian/gaussian-diagonal.wgsl). */
const KINDS = { rate: 0, std: 1, variance: 2 } as const;

/**
 * Rows under a Gaussian of independent coordinates. What all rows share is made ready once, on the host or in a first
 * pass, in the buffer "shape": the mean, the rates, and the log-density at the mean.
 */
export function planDiagonal(read: ReadGaussian, outputs: GaussianOutputs, machine: Machine): GaussianWork {
  checkMean(read);
  checkSpread(read);
  const { rows, dimension, mean, spread, where } = read;
  const prepared = prepare(read);
  const bytes = 4 * dimension;
  const chunks = rowRangesOf(rows, bytes, machine.limits, where);
  const few = outputs.gradients.length === 0 && dimension <= SHARED_SCALE_MOST;
  // A mean a row with a spread for all is rare, and left to the general kernel.
  const quick = few && (spread.perRow || !mean.perRow);
  const passes = chunks.flatMap((chunk) => {
    const groups = quick ? Math.floor(chunk.rows / 4) * 4 : 0;
    return [
      ...(groups > 0 ? [quickPass(read, outputs, { first: chunk.first, rows: groups }, machine)] : []),
      ...(groups < chunk.rows ? [rowsPass(read, outputs, chunk, groups, machine)] : []),
    ];
  });
  return {
    passes: rows > 0 ? [...prepared.passes, ...passes] : [],
    scratch: { ...spareOf(outputs), ...prepared.scratch },
    uploads: prepared.uploads,
    checks: spread.operand
      ? [
          {
            buffer: "faults",
            message: spread.perRow
              ? `${where}: ${read.name} must be positive numbers, 2^-126 to 2^126; row {row} has another at {pivot}`
              : `${where}: ${read.name} must be positive numbers, 2^-126 to 2^126; it has another at {pivot}`,
            pivots: dimension,
            shared: !spread.perRow,
          },
        ]
      : [],
  };
}

/** Makes ready what the rows share, and uploads what is a row's own but the host has. */
function prepare(read: ReadGaussian): Omit<GaussianWork, "checks"> {
  const { mean, spread, name, dimension } = read;
  const uploads: Record<string, Float32Array> = {};
  const variances = name === "variance";
  if (spread.perRow) {
    if (mean.values) uploads.mean = Float32Array.from(mean.values);
    if (spread.values) uploads.spread = Float32Array.from(spread.values);
    return { passes: [], scratch: {}, uploads };
  }
  const sharedMean = mean.perRow ? undefined : mean;
  if (mean.perRow && mean.values) uploads.mean = Float32Array.from(mean.values);
  if (spread.values && !sharedMean?.operand) {
    const { rates, level } = ratesOf(spread.values, variances);
    const centre = sharedMean?.values ?? new Float64Array(dimension);
    uploads.shape = Float32Array.from([...centre, ...rates, level]);
    return { passes: [], scratch: {}, uploads };
  }
  if (sharedMean?.values) uploads.mean = Float32Array.from(sharedMean.values);
  if (spread.values) uploads.spread = Float32Array.from(spread.values);
  const whole = wholeOf("spread", dimension, spread.operand ?? { byteOffset: 0 });
  const passes: Pass[] = [
    pass(specialise(prepareKernel, { WG: PREPARE_WIDTH, KIND: variances ? KINDS.variance : KINDS.std }), {
      bind: {
        // A mean of each row's own has no part in it, but something must be bound.
        mean: sharedMean ? wholeOf("mean", dimension, sharedMean.operand ?? { byteOffset: 0 }) : whole,
        spread: whole,
        shape: "shape",
        faults: "faults",
      },
      params: { size: dimension, zero: 0 },
      grid: [1, 1],
    }),
  ];
  return { passes, scratch: { shape: 4 * (2 * dimension + 1) }, uploads };
}

const PREPARE_WIDTH = 64;

/** A multiple of four rows, of few coordinates. */
function quickPass(read: ReadGaussian, outputs: GaussianOutputs, chunk: RowRange, machine: Machine): Pass {
  const { dimension, mean, spread, name, where, x } = read;
  const rows = {
    rows: chunk.rows,
    x: rangeOf("x", chunk, dimension, x),
    y: rangeOf("y", chunk, 1, { byteOffset: 0 }),
  };
  if (!spread.perRow) return sharedScalePass(dimension, outputs.root, rows, machine, where);
  const own = {
    ...rows,
    row: chunk.first,
    mean: parameterRangeOf("mean", mean, chunk, dimension).range,
    means: mean.perRow,
    spread: parameterRangeOf("spread", spread, chunk, dimension).range,
    variances: name === "variance",
  };
  return perRowScalePass(dimension, outputs.root, own, machine, where);
}

/** The rows of a chunk from its row `first` on, by the kernel that takes any number of coordinates. */
function rowsPass(
  read: ReadGaussian,
  outputs: GaussianOutputs,
  chunk: RowRange,
  first: number,
  machine: Machine,
): Pass {
  const { dimension, mean, spread, name, where } = read;
  const shape = wholeOf("shape", 2 * dimension + 1, { byteOffset: 0 });
  const shared = { range: shape, stride: 0 };
  const centre = mean.perRow || spread.perRow ? parameterRangeOf("mean", mean, chunk, dimension) : shared;
  const width = spread.perRow ? parameterRangeOf("spread", spread, chunk, dimension) : shared;
  const { software, limits } = machine;
  const lanes = software ? 1 : lanesFor(dimension);
  const workgroup = software ? 16 : 256;
  const rows = chunk.rows - first;
  const kind = spread.perRow ? KINDS[name === "variance" ? "variance" : "std"] : KINDS.rate;
  const constants = { ...constantsOf(outputs), BY_STD: outputs.gradients.includes("std"), KIND: kind };
  return pass(specialise(kernel, { ...constants, WG: workgroup, LANES: lanes }), {
    bind: {
      x: rangeOf("x", chunk, dimension, read.x),
      mean: centre.range,
      spread: width.range,
      ...resultsOf(read, outputs, chunk),
    } as Record<keyof typeof kernel.bindings, string | Range>,
    params: {
      rows,
      first,
      row: chunk.first,
      size: dimension,

      meanstride: centre.stride,
      spreadbase: spread.perRow ? 0 : dimension,
      spreadstride: width.stride,
      zero: 0,
    },
    grid: grid(Math.ceil((rows * lanes) / workgroup), limits, where),
  });
}

function lanesFor(dimension: number): number {
  if (dimension <= 16) return 1;
  return dimension <= 256 ? 8 : 64;
}
