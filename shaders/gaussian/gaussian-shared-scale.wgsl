// Quadratic form of rows of few values under one diagonal Gaussian: q[r] = sum over i of ((x[r, i] - mean[i]) rate[i])^2;
// y[r] = -q[r] / 2 + level, or, ROOT, sqrt(q[r]).
//
// An invocation takes `run` times four rows, which are D vec4s; it loads the parameters once. `group_read` and `group_form`
// are written out for each D (src/gaussian/shared-scale.ts), because registers cannot be indexed.
//
// include: lib/gaussian-bits.wgsl, lib/gaussian-value.wgsl

struct Params {
  row_groups: u32,   // groups of four rows
  run: u32,     // groups an invocation
  threads: u32, // invocations
}

@group(0) @binding(0) var<storage, read> x: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read> shape: array<f32>; // mean, rate, level
@group(0) @binding(2) var<storage, read_write> y: array<vec4<u32>>;
@group(0) @binding(3) var<uniform> params: Params;

@compute @workgroup_size(WG)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let thread = (group.x + group.y * groups.x) * WG + lane;
  let row_groups = params.row_groups;
  let threads = params.threads;
  if thread >= threads { return; }
  let own = group_read();
  let step = select(1u, threads, STRIDED);
  let run = params.run;
  var at = select(thread * run, thread, STRIDED);
  let end = select(min(row_groups, at + run), row_groups, STRIDED);
  for (; at < end; at += step) { y[at] = group_form(at * D, own); }
}
