// KL divergence of diagonal Gaussians from the standard normal: y[r] = 1/2 sum over c of (mean^2 + exp(v) - 1 - v), v the
// logarithm of the variance.
//
// One invocation a row.
//
// include: lib/math.wgsl, lib/elementary/common.wgsl, lib/elementary/expm1.wgsl, lib/elementary/exp-core.wgsl,
// lib/elementary/exp.wgsl

struct Params {
  rows: u32,
  columns: u32,
  zero: u32,
}

@group(0) @binding(0) var<storage, read> mean: array<f32>;
@group(0) @binding(1) var<storage, read> spread: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;
@group(0) @binding(3) var<uniform> params: Params;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let row = (group.x + group.y * groups.x) * 64u + local;
  if row >= params.rows { return; }
  let columns = params.columns;
  let zero = params.zero;
  let start = row * columns;
  var sum = 0.0;
  for (var c = 0u; c < columns; c += 1u) {
    let m = mean[start + c];
    let v = spread[start + c];
    sum += math_opaque(0.5 * m * m, zero) + half_excess(v, zero);
  }
  y[row] = sum;
}

// (exp(v) - 1 - v) / 2, which is an f32 a little longer than exp(v) is.
fn half_excess(v: f32, zero: u32) -> f32 {
  let root = f_exp(0.5 * v, zero);
  return select(0.5 * (f_expm1(v, zero) - v), (0.5 * root) * root, v > 88.0);
}
