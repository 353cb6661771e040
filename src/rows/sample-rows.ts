import source from "../../shaders/rows/sample-rows.wgsl?raw";
import { math } from "../arithmetic/math-wgsl.ts";
import { unit } from "../arithmetic/variates.ts";
import { InputError } from "../core/errors.ts";
import { remember } from "../core/memo.ts";
import { checkNamesOf, shown } from "../core/options.ts";
import { callable } from "../engine/callable.ts";
import { cpuWork } from "../engine/cpu/work.ts";
import { checkLive, MOST_TRIPS } from "../engine/each.ts";
import { floats } from "../engine/operand.ts";
import {
  defineKernel,
  definePlan,
  elements,
  type FloatDtype,
  grid,
  type Machine,
  type Operand,
  type PlanOf,
  pass,
  showShape,
  specialise,
} from "../engine/plan.ts";
import type { Tensor } from "../engine/tensor.ts";
import { type Seed, seedWords } from "../random/seed.ts";
import { type Address, DEFAULT_GENERATOR, fillWords, GENERATORS, type GeneratorName } from "../random/words.ts";
import { readOneByOne } from "./row-elements.ts";
import { isLogits } from "./row-options.ts";

const cpu = cpuWork(async () => ({ reference: (await import("./reference/sample-rows.ts")).sampleRowsReference }));

const kernels = new Map<string, ReturnType<typeof kernelOf>>();

const kernelOf = (load: string) =>
  defineKernel({
    name: "sample-rows",
    code: [math, load, source].join("\n"),
    bindings: { x: "read", u: "read", y: "read_write" },
    params: { rows: "u32", columns: "u32", first: "i32", zero: "u32" },
  });

/** Which random numbers a draw takes: row r has sample offset + r of the stream. */
export interface DrawOptions {
  readonly seed: Seed;
  /** 0 by default. */
  readonly stream?: number | undefined;
  /** Sample of the first row. Default 0. */
  readonly offset?: number | undefined;
  readonly generator?: GeneratorName | undefined;
  /** The class that column 0 stands for, where the rows are a window of more. Default 0. */
  readonly firstClass?: number | undefined;
}

/** The names of the options that say which random numbers. */
export const DRAW_NAMES = ["seed", "stream", "offset", "generator"] as const;

/**
 * A class drawn from each row of probabilities, by the inverse of their running sums.
 *
 * @param probabilities - f32, f16 or bf16 `[..., classes]`, 0 or more, such as `softmax` gives; they need not add up to exactly 1
 * @returns i32 `[...]`; -1 for a row without a distribution: one whose sum is not from 2^-64 to 2^64, as with nothing but zeros, NaN or Infinity
 * @throws InputError for options, shapes or tensors that do not fit
 */
export const sampleRows = callable(
  (encoder, probabilities: Tensor, options: DrawOptions): Tensor => {
    checkLive({ probabilities }, WHERE);
    checkNamesOf(options, [...DRAW_NAMES, "firstClass"], WHERE);
    const plan = planSampleRows(readSampleRows(probabilities, options), probabilities.engine.machine);
    return probabilities.engine.run(plan, { x: probabilities }, { encoder }).y;
  },
  (machine) => [planSampleRows(readSampleRows(floats([7, 256]), { seed: 0 }), machine)],
);

const WHERE = "sampleRows";

/** Invocations that share a row. */
const LANES = 64;

/** A checked call: the rows, and the random numbers that they are drawn with. */
interface CheckedDraw extends Draw {
  readonly rows: number;
  readonly columns: number;
  /** Of the probabilities. */
  readonly dtype: FloatDtype;
  /** Of the ids. */
  readonly shape: readonly number[];
  readonly firstClass: number;
}

/** Reads the options of a draw from probabilities that need not be anywhere yet. */
export function readSampleRows(x: Operand, options: DrawOptions): CheckedDraw {
  const columns = x.shape.at(-1);
  if (!isLogits(x.dtype) || columns === undefined) {
    throw new InputError(
      `${WHERE}: probabilities must be f32, f16 or bf16 with at least one axis, got ${showShape(x)}`,
    );
  }
  const shape = x.shape.slice(0, -1);
  const rows = elements(shape);
  const draw = readDraw(options, rows, WHERE);
  const firstClass = readWhole(options.firstClass, "firstClass", 2 ** 31 - 1 - columns, WHERE);
  if (columns > LANES * MOST_TRIPS) {
    throw new InputError(`${WHERE}: rows must have at most ${LANES * MOST_TRIPS} classes, got ${columns}`);
  }
  return { ...draw, rows, columns, shape, dtype: x.dtype, firstClass };
}

export function planSampleRows(draw: CheckedDraw, machine: Machine): PlanOf<"y"> {
  const { rows, columns, dtype, shape, firstClass: first } = draw;
  // A software adapter runs lanes one after another, and pays for barriers.
  const WG = machine.software && columns <= MOST_TRIPS ? 1 : LANES;
  const work = cpu({ rows, columns, first });
  const outputs = { y: { shape, dtype: "i32" } } as const;
  if (rows * columns === 0) {
    return definePlan({
      name: WHERE,
      outputs,
      known: { y: new Int32Array(rows).fill(-1) },
      passes: [],
      cpu: work,
    });
  }
  const { code, constants } = readOneByOne(dtype, machine);
  const kernel = remember(kernels, code, () => kernelOf(code));
  return definePlan({
    name: WHERE,
    outputs,
    uploads: { u: uniforms(rows, draw) },
    passes: [
      pass(specialise(kernel, { ...constants, WG }), {
        bind: { x: "x", u: "u", y: "y" },
        params: { rows, columns, first, zero: 0 },
        grid: grid(rows, machine.limits, WHERE),
      }),
    ],
    cpu: work,
  });
}

/** Where a draw's random numbers are. */
interface Draw {
  readonly address: Address;
  readonly offset: number;
}

/** Checks the options of a draw of so many rows. */
export function readDraw(options: DrawOptions, rows: number, where: string): Draw {
  const { generator = DEFAULT_GENERATOR } = options;
  if (!GENERATORS.includes(generator)) {
    throw new InputError(`${where}: generator must be one of ${GENERATORS.join(", ")}, got ${shown(generator)}`);
  }
  const stream = readWhole(options.stream, "stream", 2 ** 32 - 1, where);
  const offset = readWhole(options.offset, "offset", Number.MAX_SAFE_INTEGER - rows, where);
  return { address: { generator, seed: seedWords(options.seed, where), stream }, offset };
}

/** One uniform number a row, in (0, 1). */
function uniforms(rows: number, { address, offset }: Draw): Float32Array {
  const words = new Uint32Array(rows);
  fillWords(words, address, 0, 0, offset);
  return Float32Array.from(words, unit);
}

function readWhole(value: number | undefined, name: string, most: number, where: string): number {
  if (value === undefined) return 0;
  if (Number.isSafeInteger(value) && value >= 0 && value <= most) return value;
  throw new InputError(`${where}: ${name} must be a whole number from 0 to ${most}, got ${shown(value)}`);
}
