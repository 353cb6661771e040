import functionSource from "../../shaders/distributions/distribution-function.wgsl?raw";
import quantileSource from "../../shaders/distributions/quantile.wgsl?raw";
import curve from "../../shaders/lib/curve.wgsl?raw";
import { math } from "../arithmetic/math-wgsl.ts";
import { InputError } from "../core/errors.ts";
import { cpuWork } from "../engine/cpu/work.ts";
import {
  defineKernel,
  definePlan,
  elements,
  grid,
  type Kernel,
  type Machine,
  type Operand,
  type Pass,
  type PlanOf,
  pass,
  showShape,
  specialise,
} from "../engine/plan.ts";
import type { Tensor } from "../engine/tensor.ts";
import { keyOf } from "./curve/keys.ts";
import { type Curved, type Table, tableOf } from "./curve/tables.ts";
import type { ScalarDistribution } from "./distribution.ts";

const cpu = cpuWork(async () => ({ reference: (await import("./cpu/curve.ts")).curveReference }));

/** A distribution's function in both its forms, and how many numbers the CPU engine computes it of. */
export interface CurveReference {
  readonly rows: number;
  /** The distribution's own function in f64, for few numbers; the table for many, which takes a fraction of the time. */
  readonly exactly: (x: number) => number;
  readonly table: Table;
  /** Whether the numbers are probabilities. */
  readonly ofLevels: boolean;
}

/** A distribution's function of each number in x: f32 `[...]` to `[...]`. */
export function curveOfTensor(distribution: ScalarDistribution, of: Curved, x: Tensor): Tensor {
  const where = `${distribution.name}.${of}`;
  if (x.dtype !== "f32") {
    throw new InputError(`${where}: ${of === "icdf" ? "p" : "x"} must be an f32 tensor [...], got ${showShape(x)}`);
  }
  return x.engine.run(planCurve(distribution, of, x, x.engine.machine), { x }).y;
}

const functionKernel = defineKernel({
  name: "distribution-function",
  code: [math, curve, functionSource].join("\n"),
  bindings: { starts: "read", pieces: "read", x: "read", y: "read_write" },
  params: { rows: "u32", count: "u32", least: "u32", most: "u32", zero: "u32" },
});

const quantileKernel = defineKernel({
  name: "quantile",
  code: [math, curve, quantileSource].join("\n"),
  bindings: { starts: "read", pieces: "read", x: "read", y: "read_write", faults: "read_write" },
  params: {
    rows: "u32",
    start: "u32",
    count: "u32",
    steps: "u32",
    first: "f32",
    least: "u32",
    most: "u32",
    zero: "u32",
  },
});

const WIDTH = 64;
/** Numbers of a pass start where a binding may start. */
const ROW_STEP = 64;

export function planCurve(distribution: ScalarDistribution, of: Curved, x: Operand, machine: Machine): PlanOf<"y"> {
  const where = `${distribution.name}.${of}`;
  const rows = elements(x.shape);
  const table = tableOf(distribution, of);
  const ofLevels = of === "icdf";
  const most = Math.floor(machine.limits.maxStorageBufferBindingSize / 4 / ROW_STEP) * ROW_STEP;
  const starts = Array.from({ length: Math.ceil(rows / most) }, (_, k) => k * most);
  const passOf = ofLevels ? quantilePass : functionPass;
  return definePlan({
    name: where,
    outputs: { y: { shape: x.shape, dtype: "f32" } },
    scratch: ofLevels ? { faults: 4 } : {},
    uploads: { starts: table.curve.starts, pieces: table.curve.records },
    clears: ofLevels ? ["faults"] : [],
    checks: ofLevels ? [{ buffer: "faults", message: `${where}: p must be from 0 to 1; value {row} is not` }] : [],
    passes: starts.map((start) => {
      const count = Math.min(most, rows - start);
      const range = (buffer: string, from: number) => ({ buffer, offset: from + start * 4, size: count * 4 });
      return passOf(table, {
        start,
        rows: count,
        bind: { starts: "starts", pieces: "pieces", x: range("x", x.byteOffset), y: range("y", 0) },
        grid: grid(Math.ceil(count / WIDTH), machine.limits, where),
      });
    }),
    cpu: cpu({ rows, table, ofLevels, exactly: distribution[of] }),
  });
}

/** The numbers of one pass. */
interface Stretch extends Pick<Pass, "grid"> {
  readonly start: number;
  readonly rows: number;
  readonly bind: Record<"starts" | "pieces" | "x" | "y", Pass["bind"][string]>;
}

function functionPass(table: Table, { rows, bind, grid }: Stretch): Pass {
  const params = { rows, count: table.curve.starts.length, ...endsOf(table), zero: 0 };
  return pass(kernelOf(functionKernel, table), { bind, params, grid });
}

function quantilePass(table: Table, { start, rows, bind, grid }: Stretch): Pass {
  const { starts, steps, first } = table.curve;
  const params = { rows, start, count: starts.length, steps, first, ...endsOf(table), zero: 0 };
  return pass(kernelOf(quantileKernel, table), { bind: { ...bind, faults: "faults" }, params, grid });
}

function kernelOf<K extends Kernel>(kernel: K, { whole }: Table): K {
  return specialise(kernel, { WG: WIDTH, WHOLE: whole });
}

function endsOf({ least, most }: Table) {
  return { least: keyOf(least), most: keyOf(most) };
}
