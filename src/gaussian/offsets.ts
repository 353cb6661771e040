import source from "../../shaders/gaussian/gaussian-offsets.wgsl?raw";
import { math } from "../arithmetic/math-wgsl.ts";
import { defineKernel, grid, type Machine, type Pass, pass, specialise } from "../engine/plan.ts";
import type { ReadGaussian } from "./options.ts";
import { rangeOf, rowRangesOf } from "./ranges.ts";

const WIDTH = 64;

const kernel = specialise(
  defineKernel({
    name: "gaussian-offsets",
    code: [math, source].join("\n"),
    bindings: { x: "read", centre: "read", offsets: "read_write" },
    params: { values: "u32", size: "u32", zero: "u32" },
  }),
  { WG: WIDTH },
);

/** By how much, in units of the standard deviation, a mean may be off before a log-density shows it in f32. */
const MOST_OFF = 2 ** -21;

/**
 * Whether a mean that all rows share lies so far from the nearest f32 that x - mean must be computed first. Where the host does not know the
 * standard deviations they are taken for 1.
 */
export function isBetweenFloats({ mean, name, spread, dimension }: ReadGaussian): boolean {
  if (mean.perRow || !mean.values) return false;
  return mean.values.some((value, i) => {
    const off = Math.abs(value - Math.fround(value));
    return (
      Number.isFinite(off) && off > MOST_OFF * (spread.perRow ? 1 : deviationOf(name, spread.values, dimension, i))
    );
  });
}

function deviationOf(name: ReadGaussian["name"], values: Float64Array | undefined, d: number, i: number): number {
  if (!values) return 1;
  if (name === "std") return values[i] ?? 1;
  if (name === "variance") return Math.sqrt(values[i] ?? 1);
  const row = values.subarray(i * d, (i + 1) * d);
  return name === "covariance" ? Math.sqrt(row[i] ?? 1) : Math.hypot(...row.subarray(0, i + 1));
}

/** The passes that write x - mean into the buffer "offsets", and what they take. */
export interface Offsets {
  readonly passes: readonly Pass[];
  readonly scratch: Readonly<Record<string, number>>;
  readonly uploads: Readonly<Record<string, Float32Array>>;
}

export function planOffsets({ x, rows, dimension, mean, where }: ReadGaussian, machine: Machine): Offsets {
  const means = mean.values ?? new Float64Array(dimension);
  const whole = Float32Array.from(means);
  const rest = Float32Array.from(means, (value, i) => value - (whole[i] ?? 0));
  const chunks = rows === 0 ? [] : rowRangesOf(rows, 4 * dimension, machine.limits, where);
  return {
    uploads: { centre: Float32Array.from([...whole, ...rest]) },
    scratch: { offsets: 4 * rows * dimension },
    passes: chunks.map((chunk) =>
      pass(kernel, {
        bind: {
          x: rangeOf("x", chunk, dimension, x),
          centre: "centre",
          offsets: rangeOf("offsets", chunk, dimension, { byteOffset: 0 }),
        },
        params: { values: chunk.rows * dimension, size: dimension, zero: 0 },
        grid: grid(Math.ceil((chunk.rows * dimension) / WIDTH), machine.limits, where),
      }),
    ),
  };
}

/** A pass that reads the offsets in the place of x. */
export function onOffsets(one: Pass): Pass {
  const bind = Object.entries(one.bind).map(([name, range]) => {
    const reads = typeof range === "string" ? range === "x" : range.buffer === "x";
    if (!reads) return [name, range];
    return [name, typeof range === "string" ? "offsets" : { ...range, buffer: "offsets" }];
  });
  return { ...one, bind: Object.fromEntries(bind) };
}
