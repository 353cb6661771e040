import source from "../../shaders/rows/reduce-loss.wgsl?raw";
import { defineKernel, grid, type Machine, type Pass, pass, specialise } from "../engine/plan.ts";

export const kernel = defineKernel({
  name: "reduce-loss",
  code: source,
  bindings: { records: "read", sums: "read_write", loss: "read_write" },
  params: { count: "u32", length: "u32", mean: "u32" },
});

/** Bytes of a loss record. */
export const RECORD = 16;

/** Records a workgroup: enough to be worth one, few enough to keep every core busy. */
const LENGTH = 256;

export interface Reduction {
  readonly passes: readonly Pass[];
  readonly scratch: Readonly<Record<string, number>>;
  /** The scratch buffer whose first record is the sum of all. */
  readonly sums: string;
}

/** Sums the records in scratch buffer "records" level by level, and writes the mean or sum to `loss`. */
export function planReduceLoss(rows: number, mean: boolean, machine: Machine, where: string): Reduction {
  const scratch: Record<string, number> = {};
  const passes: Pass[] = [];
  const WG = machine.software ? 4 : 256;
  let [from, count, level] = ["records", rows, 0];
  for (;;) {
    const groups = Math.max(1, Math.ceil(count / LENGTH));
    const last = groups === 1;
    const to = `sums${level}`;
    scratch[to] = groups * RECORD;
    passes.push(
      pass(specialise(kernel, { WG, LAST: last }), {
        bind: { records: from, sums: to, loss: "loss" },
        params: { count, length: LENGTH, mean: mean ? 1 : 0 },
        grid: grid(groups, machine.limits, where),
      }),
    );
    if (last) return { passes, scratch, sums: to };
    [from, count, level] = [to, groups, level + 1];
  }
}
