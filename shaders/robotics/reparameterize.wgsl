// Draws from diagonal Gaussians: y = mean + exp(v / 2) e, v the logarithm of the variance and e standard normal.
//
// One invocation a value.
//
// include: lib/math.wgsl, lib/elementary/common.wgsl, lib/elementary/exp-core.wgsl, lib/elementary/exp.wgsl

struct Params {
  count: u32,
  zero: u32,
}

@group(0) @binding(0) var<storage, read> mean: array<f32>;
@group(0) @binding(1) var<storage, read> spread: array<f32>;
@group(0) @binding(2) var<storage, read> noise: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;
@group(0) @binding(4) var<uniform> params: Params;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let i = (group.x + group.y * groups.x) * 64u + local;
  if i >= params.count { return; }
  let v = spread[i];
  let e = noise[i];
  let root = f_exp(0.25 * v, params.zero);
  // exp(v / 2) alone may be no f32 where its product with the noise is one.
  let moved = select(f_exp(0.5 * v, params.zero) * e, (root * e) * root, v > 176.0);
  y[i] = mean[i] + math_opaque(moved, params.zero);
}
