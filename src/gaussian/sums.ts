import source from "../../shaders/gaussian/gaussian-sums.wgsl?raw";
import { defineKernel, grid, type Machine, type Pass, pass, specialise } from "../engine/plan.ts";

export const kernel = defineKernel({
  name: "gaussian-sums",
  code: source,
  bindings: { x: "read", y: "read_write" },
  params: { rows: "u32", columns: "u32", groups: "u32", scale: "f32" },
});

/** Rows a group. */
const LENGTH = 256;

/** The passes that add columns up, and the bytes of scratch between them. */
export interface Sums {
  readonly passes: readonly Pass[];
  readonly scratch: Readonly<Record<string, number>>;
}

/** Sums the rows of buffer `from` level by level into buffer `to`, times `scale`. */
export function planSums(
  { from, to, rows, columns, scale }: { from: string; to: string; rows: number; columns: number; scale: number },
  machine: Machine,
  where: string,
): Sums {
  const scratch: Record<string, number> = {};
  const passes: Pass[] = [];
  const WG = machine.software ? 16 : 64;
  let [x, left] = [from, rows];
  for (;;) {
    const groups = Math.max(1, Math.ceil(left / LENGTH));
    const last = groups === 1;
    const y = last ? to : `${to}${passes.length}`;
    if (!last) scratch[y] = 4 * groups * columns;
    passes.push(
      pass(specialise(kernel, { WG, LENGTH }), {
        bind: { x, y },
        params: { rows: left, columns, groups, scale: last ? scale : 1 },
        grid: grid(Math.ceil((groups * columns) / WG), machine.limits, where),
      }),
    );
    if (last) return { passes, scratch };
    [x, left] = [y, groups];
  }
}
