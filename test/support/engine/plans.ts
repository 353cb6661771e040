import { GPU_ALONE } from "../../../src/engine/cpu/work.ts";
import { defineKernel, grid, type Kernel, type Limits, type PlanOf, pass } from "../../../src/engine/plan.ts";

const code = `
struct Params { count: u32, factor: f32 }

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<uniform> params: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32) {
  let i = (group.x + group.y * groups.x) * 64u + lane;
  if i < params.count { y[i] = x[i] * params.factor; }
}
`;

/** A kernel y = factor * x, with `edit` done to its WGSL. */
export function scaleKernel(edit: (code: string) => string = (same) => same) {
  return defineKernel({
    name: "scale",
    code: edit(code),
    bindings: { x: "read", y: "read_write" },
    params: { count: "u32", factor: "f32" },
  });
}

const plain = scaleKernel();

/** A plan of one pass that multiplies `count` values by `factor`. */
export function planScale(
  count: number,
  factor: number,
  limits: Limits,
  kernel: Kernel<"x" | "y", "count" | "factor"> = plain,
): PlanOf<"y"> {
  return {
    name: "scale",
    outputs: { y: { shape: [count], dtype: "f32" } },
    arenas: {},
    scratch: {},
    uploads: {},
    clears: [],
    checks: [],
    passes: [
      pass(kernel, {
        bind: { x: "x", y: "y" },
        params: { count, factor },
        grid: grid(Math.ceil(count / 64), limits, "scale"),
      }),
    ],
    cpu: GPU_ALONE,
  };
}
