// Each row z of standard normals as mean + L z, L lower triangular: an invocation a coordinate.
//
// Products and sums are rounded one by one, in the order of the formula that expectation.wgsl evaluates, so that the samples are
// the same to the bit; the formula would be too long to compile in many dimensions.
//
// include: lib/math.wgsl

struct Params {
  rows: u32,
  size: u32,
  zero: u32,
}

// The mean, then L row by row.
@group(0) @binding(0) var<storage, read> affine: array<f32>;
@group(0) @binding(1) var<storage, read> z: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;
@group(0) @binding(3) var<uniform> params: Params;

@compute @workgroup_size(WG)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let item = (group.y * groups.x + group.x) * WG + local;
  let size = params.size;
  let zero = params.zero;
  if item >= params.rows * size { return; }
  let row = item / size;
  let i = item - row * size;
  let first = size + i * size;
  var sum = math_opaque(affine[first] * z[row * size], zero);
  for (var j = 1u; j <= i; j++) {
    sum = math_opaque(sum + math_opaque(affine[first + j] * z[row * size + j], zero), zero);
  }
  y[item] = math_opaque(affine[i] + sum, zero);
}
