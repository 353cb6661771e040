// x - mean of each row, of a mean that lies between f32 numbers: an invocation a value. What is not finite stays as it is.
//
// include: lib/math.wgsl

struct Params {
  values: u32,
  size: u32,
  zero: u32,
}

@group(0) @binding(0) var<storage, read> x: array<u32>;
// The means as f32 numbers, then what these leave of them.
@group(0) @binding(1) var<storage, read> centre: array<f32>;
@group(0) @binding(2) var<storage, read_write> offsets: array<u32>;
@group(0) @binding(3) var<uniform> params: Params;

@compute @workgroup_size(WG)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let item = (group.y * groups.x + group.x) * WG + local;
  if item >= params.values { return; }
  let i = item % params.size;
  let bits = x[item];
  // Exact where x is near the mean.
  let near = math_opaque(bitcast<f32>(bits) - centre[i], params.zero);
  let offset = bitcast<u32>(near - centre[params.size + i]);
  offsets[item] = select(offset, bits, (bits & 0x7f800000u) == 0x7f800000u);
}
