import source from "../../shaders/gaussian/gaussian-shared-scale.wgsl?raw";
import bits from "../../shaders/lib/gaussian-bits.wgsl?raw";
import value from "../../shaders/lib/gaussian-value.wgsl?raw";
import { remember } from "../core/memo.ts";
import {
  defineKernel,
  grid,
  type Kernel,
  type Machine,
  type Pass,
  pass,
  type Range,
  specialise,
} from "../engine/plan.ts";
import { each, larger, rowsOfGroups, tree } from "../engine/wgsl-lines.ts";

/** Rows longer than this need more registers than an invocation has. */
export const SHARED_SCALE_MOST = 16;

const kernels = new Map<number, Kernel<"x" | "shape" | "y", "row_groups" | "run" | "threads">>();

function kernelOf(dimension: number) {
  return remember(kernels, dimension, () =>
    defineKernel({
      name: "gaussian-shared-scale",
      code: `const D = ${dimension}u;\n${bits}${value}${sharedScaleCode(dimension)}${source}`,
      bindings: { x: "read", shape: "read", y: "read_write" },
      params: { row_groups: "u32", run: "u32", threads: "u32" },
    }),
  );
}

/** Rows, a multiple of 4, and where they and their results are. */
export interface RowGroups {
  readonly rows: number;
  readonly x: Range;
  readonly y: Range;
}

/** How many groups of rows there are, how many of them a thread takes, and the kernel's constants. */
export function layoutOfGroups(rows: number, { software }: Machine) {
  const groups = rows / 4;
  const width = software ? 16 : 64;
  // On a CPU loading shared parameters costs as much as three rows; a GPU needs invocations more.
  const run = software ? Math.max(1, Math.min(64, Math.floor(groups / 256))) : 4;
  const threads = Math.ceil(groups / run);
  // Neighbours for a core of a CPU, which prefetches; strides for a GPU, whose lanes load together.
  const constants = { STRICT: !software, STRIDED: !software, WG: width };
  return { groups, run, threads, width, constants };
}

/** A pass over rows under the Gaussian in the buffer "shape": mean, rates, log-density at the mean. */
export function sharedScalePass(
  dimension: number,
  root: boolean,
  range: RowGroups,
  machine: Machine,
  where: string,
): Pass {
  const { groups, run, threads, width, constants } = layoutOfGroups(range.rows, machine);
  return pass(specialise(kernelOf(dimension), { ...constants, ROOT: root }), {
    bind: { x: range.x, shape: "shape", y: range.y },
    params: { row_groups: groups, run, threads },
    grid: grid(Math.ceil(threads / width), machine.limits, where),
  });
}

/** `group_read` and `group_form` for rows of `d` values. */
function sharedScaleCode(d: number): string {
  const lanes = (name: string, k: number) => each(4, (l) => `own.${name}${(4 * k + l) % d}`).join(", ");
  const row = (name: string, r: number) => rowsOfGroups(d, name, r);
  const sums = each(4, (r) => tree(row("q", r)));
  const tops = each(4, (r) =>
    tree(
      row("b", r).map((bits) => `(${bits} & GAUSSIAN_MAGNITUDE)`),
      larger,
    ),
  );
  return `
struct Own { level: f32, ${each(d, (i) => `m${i}: f32, r${i}: f32`).join(", ")} }

fn group_read() -> Own {
  return Own(shape[${2 * d}u], ${each(d, (i) => `shape[${i}u], shape[${d + i}u]`).join(", ")});
}

fn group_form(at: u32, own: Own) -> vec4<u32> {
${each(d, (k) => `  let b${k} = x[at + ${k}u];`).join("\n")}
${each(d, (k) => `  let z${k} = (bitcast<vec4<f32>>(b${k}) - vec4<f32>(${lanes("m", k)})) * vec4<f32>(${lanes("r", k)});`).join("\n")}
${each(d, (k) => `  let q${k} = z${k} * z${k};`).join("\n")}
  var tops = vec4<u32>(0u);
  if STRICT { tops = vec4<u32>(${tops.join(", ")}); }
${distanceLines(d).join("\n")}
  return vec4<u32>(${each(4, (r) => `gaussian_value(${sums[r]}, own.level, tops.${"xyzw"[r]})`).join(", ")});
}

`;
}

/** The distances of four rows from their z, the squares q and `tops`, where ROOT asks for them. */
export function distanceLines(d: number): string[] {
  const row = (name: string, r: number) => tree(rowsOfGroups(d, name, r));
  return [
    "  if ROOT {",
    ...each(d, (k) => `    let far${k} = gaussian_far(z${k});\n    let near${k} = gaussian_near(z${k});`),
    `    return vec4<u32>(${each(4, (r) => {
      return `gaussian_distance(${row("q", r)}, ${row("far", r)}, ${row("near", r)}, tops.${"xyzw"[r]})`;
    }).join(", ")});`,
    "  }",
  ];
}
