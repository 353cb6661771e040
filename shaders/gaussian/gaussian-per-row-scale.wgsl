// Quadratic form of rows of few values, each under a diagonal Gaussian of its own: y[r] = -q[r] / 2 - sum over i of
// log std[r, i] - D log(2 pi) / 2, q[r] = sum over i of ((x[r, i] - mean[r, i]) / std[r, i])^2; or, ROOT, sqrt(q[r]).
//
// An invocation takes `run` times four rows, which are D vec4s. `group_read` and `group_form` are written out for each D
// (src/gaussian/shared-scale.ts), because registers cannot be indexed; one logarithm a row, of a product. VARIANCE:
// `spread` holds variances, else standard deviations. MEANS: `mean` holds one a row, else one for all.
//
// include: lib/math.wgsl, lib/gaussian-bits.wgsl, lib/gaussian-value.wgsl, lib/gaussian-factor.wgsl

struct Params {
  row_groups: u32,   // groups of four rows
  run: u32,     // groups an invocation
  threads: u32, // invocations
  row: u32,     // of the whole call, the first row of this dispatch
  zero: u32,
}

@group(0) @binding(0) var<storage, read> x: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read> mean: array<Centre>;
@group(0) @binding(2) var<storage, read> spread: array<vec4<u32>>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4<u32>>;
@group(0) @binding(4) var<storage, read_write> faults: array<atomic<u32>>;
@group(0) @binding(5) var<uniform> params: Params;

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
  let zero = params.zero;
  var at = select(thread * run, thread, STRIDED);
  let end = select(min(row_groups, at + run), row_groups, STRIDED);
  for (; at < end; at += step) { y[at] = group_form(at * D, own, zero); }
}

// 1 / std
fn group_rate(safe: vec4<f32>) -> vec4<f32> {
  if VARIANCE { return inverseSqrt(safe); }
  return 1.0 / safe;
}

// The exponents' sum comes as it stands in the bits, 2^23 times too large and 127 too much each.
fn group_level(mantissas: f32, exponents: f32, zero: u32) -> f32 {
  let log_determinant = gaussian_log_determinant(mantissas, exponents * 0x1p-23 - f32(D) * 127.0, zero);
  return -(log_determinant * select(1.0, 0.5, VARIANCE) + f32(D) * MATH_HALF_LOG_TURN);
}

// Complains of the first value of a group, of those that are wrong, by its place among all values of the call.
fn group_complain(at: u32, wrong: vec4<u32>) {
  let first = min(min(wrong.x, wrong.y), min(wrong.z, wrong.w));
  if first != GAUSSIAN_FINE { atomicMax(&faults[0], ~(params.row * D + at * 4u + first)); }
}
