import invertSource from "../../shaders/gaussian/gaussian-invert.wgsl?raw";
import largeSource from "../../shaders/gaussian/gaussian-large.wgsl?raw";
import smallSource from "../../shaders/gaussian/gaussian-small.wgsl?raw";
import whitenSource from "../../shaders/gaussian/gaussian-whiten.wgsl?raw";
import bits from "../../shaders/lib/gaussian-bits.wgsl?raw";
import factor from "../../shaders/lib/gaussian-factor.wgsl?raw";
import triangle from "../../shaders/lib/gaussian-triangle.wgsl?raw";
import value from "../../shaders/lib/gaussian-value.wgsl?raw";
import { math } from "../arithmetic/math-wgsl.ts";
import { UnsupportedError } from "../core/errors.ts";
import { remember } from "../core/memo.ts";
import type { Check } from "../engine/checks.ts";
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
import { type RowRange, rangeOf, rowRangesOf, wholeOf } from "./ranges.ts";
import { type Spread, smallCode } from "./small-code.ts";
import { checkMean, factorsOf, whiteningOf } from "./values.ts";

const bindings = {
  x: "read",
  mean: "read",
  spread: "read",
  y: "read_write",
  byx: "read_write",
  bymean: "read_write",
  faults: "read_write",
} as const;

const largeKernel = defineKernel({
  name: "gaussian-large",
  code: [math, bits, value, factor, triangle, largeSource].join("\n"),
  bindings,
  params: { rows: "u32", row: "u32", size: "u32", meanstride: "u32", zero: "u32" },
});

const { faults: _, ...unchecked } = bindings;

const whitenKernel = defineKernel({
  name: "gaussian-whiten",
  code: [bits, value, whitenSource].join("\n"),
  bindings: unchecked,
  params: { rows: "u32", size: "u32", meanstride: "u32" },
});

const invertKernel = defineKernel({
  name: "gaussian-invert",
  code: [math, bits, factor, triangle, invertSource].join("\n"),
  bindings: { spread: "read", inverse: "read_write", faults: "read_write" },
  params: { size: "u32", zero: "u32" },
});

const smallKernels = new Map<string, ReturnType<typeof makeSmall>>();

function makeSmall(dimension: number, spread: Spread, meanPerRow: boolean) {
  return defineKernel({
    name: "gaussian-small",
    code: [math, bits, value, factor, smallCode(dimension, spread, meanPerRow), smallSource].join("\n"),
    bindings,
    params: { rows: "u32", row: "u32", run: "u32", threads: "u32", zero: "u32" },
  });
}

function smallKernel(dimension: number, spread: Spread, meanPerRow: boolean) {
  return remember(smallKernels, `${dimension} ${spread} ${meanPerRow}`, () => makeSmall(dimension, spread, meanPerRow));
}

/** Sizes up to which a row is one invocation's: its matrix must fit the registers, or on a CPU the stack. */
const SMALL = { gpu: 8, software: 16 };

/** Rows under a Gaussian with correlations. */
export function planMatrix(read: ReadGaussian, outputs: GaussianOutputs, machine: Machine): GaussianWork {
  checkMean(read);
  const { rows, dimension, mean, spread, where } = read;
  const uploads: Record<string, Float32Array> = {};
  const scratch: Record<string, number> = { ...spareOf(outputs) };
  const first: Pass[] = [];
  if (mean.values) uploads.mean = Float32Array.from(mean.values);
  let kind: Spread = read.name === "scaleTril" ? "scaleTril" : "covariance";
  let buffer = "spread";
  if (spread.values && spread.perRow) {
    uploads.spread = factorsOf(read);
    kind = "scaleTril";
  } else if (spread.values) {
    uploads.spread = whiteningOf(read);
    kind = "whitening";
  } else if (!spread.perRow) {
    first.push(invertPass(read));
    scratch.inverse = 4 * triangleOf(dimension) + 4;
    buffer = "inverse";
    kind = "whitening";
  }
  const chunks = rowRangesOf(rows, 4 * dimension * (spread.perRow ? dimension : 1), machine.limits, where);
  const make = dimension <= (machine.software ? SMALL.software : SMALL.gpu) ? smallPass : largePass;
  if (rows * 3 * dimension >= 2 ** 32) {
    throw new UnsupportedError(
      "limits",
      `${where}: ${rows} rows of ${dimension} values are too many; use smaller batches`,
    );
  }
  return {
    passes: rows > 0 ? [...first, ...chunks.map((chunk) => make(read, outputs, kind, buffer, chunk, machine))] : [],
    scratch,
    uploads,
    checks: spread.operand ? [checkOf(read)] : [],
  };
}

function triangleOf(dimension: number): number {
  return (dimension * (dimension + 1)) / 2;
}

/** What the kernels say in "faults" of matrices that they find in a GPU buffer. */
function checkOf({ where, name, dimension, spread }: ReadGaussian): Check {
  const [whose, that] = spread.perRow ? ["; row {row}'s is not", " row {row}'s"] : ["; it is not", " it"];
  const needed = name === "covariance" ? "symmetric and finite" : "finite";
  const positive = name === "covariance" ? "positive definite" : "positive on its diagonal";
  return {
    buffer: "faults",
    message: `${where}: ${name} must be ${needed}${whose}${name === "covariance" ? ", in its row {pivot}" : ""}`,
    others: [
      { message: `${where}: ${name} must be ${positive}${whose}, at pivot {pivot}`, code: "not-positive-definite" },
      {
        message: `${where}: ${name} must give a condition number below 1.7e5 (2^24 / 100);${that} is too close to singular, at pivot {pivot}; rescale the coordinates, or leave out those that others determine`,
        code: "ill-conditioned",
      },
    ],
    pivots: dimension,
    shared: !spread.perRow,
  };
}

/** The least capacity of workgroup memory that holds a matrix, of few so that pipelines are shared. */
function shapeConstants(dimension: number): { CAP: number; WG: number } {
  if (dimension <= 16) return { CAP: 16, WG: 32 };
  return dimension <= 32 ? { CAP: 32, WG: 32 } : { CAP: 64, WG: 64 };
}

function invertPass({ dimension, name, spread }: ReadGaussian): Pass {
  return pass(specialise(invertKernel, { ...shapeConstants(dimension), SCALE: name === "scaleTril" }), {
    bind: {
      spread: wholeOf("spread", dimension * dimension, spread.operand ?? { byteOffset: 0 }),
      inverse: "inverse",
      faults: "faults",
    },
    params: { size: dimension, zero: 0 },
    grid: [1, 1],
  });
}

type Bindings = Record<keyof typeof bindings, string | Range>;

function bindOf(read: ReadGaussian, outputs: GaussianOutputs, kind: Spread, buffer: string, chunk: RowRange): Bindings {
  const { dimension, mean, spread, x } = read;
  const { bystd: _, ...results } = resultsOf(read, outputs, chunk);
  const matrix =
    kind === "whitening"
      ? wholeOf(buffer, triangleOf(dimension) + 1, { byteOffset: 0 })
      : parameterRangeOf(buffer, spread, chunk, dimension * dimension).range;
  return {
    x: rangeOf("x", chunk, dimension, x),
    mean: parameterRangeOf("mean", mean, chunk, dimension).range,
    spread: matrix,
    ...results,
  } as Bindings;
}

function smallPass(
  read: ReadGaussian,
  outputs: GaussianOutputs,
  kind: Spread,
  buffer: string,
  chunk: RowRange,
  { software, limits }: Machine,
): Pass {
  const { dimension, mean, where } = read;
  // Neighbours for a core of a CPU, which prefetches; strides for a GPU, whose lanes load together.
  const run = software ? Math.max(1, Math.min(64, Math.floor(chunk.rows / 256))) : kind === "whitening" ? 8 : 1;
  const threads = Math.ceil(chunk.rows / run);
  const WG = software ? 16 : 64;
  const kernel = specialise(smallKernel(dimension, kind, mean.perRow), {
    ...constantsOf(outputs),
    STRIDED: !software,
    WG,
  });
  return pass(kernel, {
    bind: bindOf(read, outputs, kind, buffer, chunk),
    params: { rows: chunk.rows, row: chunk.first, run, threads, zero: 0 },
    grid: grid(Math.ceil(threads / WG), limits, where),
  });
}

function largePass(
  read: ReadGaussian,
  outputs: GaussianOutputs,
  kind: Spread,
  buffer: string,
  chunk: RowRange,
  { limits }: Machine,
): Pass {
  const { dimension, mean, where } = read;
  const bind = bindOf(read, outputs, kind, buffer, chunk);
  const layout = { ...constantsOf(outputs), ...shapeConstants(dimension) };
  const params = { rows: chunk.rows, size: dimension, meanstride: mean.perRow ? dimension : 0 };
  const groups = grid(chunk.rows, limits, where);
  if (kind === "whitening") {
    const { faults: _, ...checked } = bind;
    return pass(specialise(whitenKernel, layout), { bind: checked, params, grid: groups });
  }
  return pass(specialise(largeKernel, { ...layout, SCALE: kind === "scaleTril" }), {
    bind,
    params: { ...params, row: chunk.first, zero: 0 },
    grid: groups,
  });
}
