// A point of the path from actions to noise, and the velocity there: y = t e + (1 - t) a, velocity = e - a.
//
// One invocation a value; `per` values share a time. The first row of `per` values whose time is not from 0 to 1 is reported in
// `fault` as ~row.
//
// include: lib/math.wgsl

struct Params {
  count: u32,
  per: u32,
  zero: u32,
}

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> noise: array<f32>;
@group(0) @binding(2) var<storage, read> time: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;
@group(0) @binding(4) var<storage, read_write> velocity: array<f32>;
@group(0) @binding(5) var<storage, read_write> fault: array<atomic<u32>>;
@group(0) @binding(6) var<uniform> params: Params;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let i = (group.x + group.y * groups.x) * 64u + local;
  if i >= params.count { return; }
  let row = i / params.per;
  let t = time[row];
  // By its bits, which order numbers from 0 on and put NaN above them all; -0 is 0.
  let bits = bitcast<u32>(t);
  if (bits > 0x3f800000u) & (bits != 0x80000000u) { atomicMax(&fault[0], ~row); }
  let e = noise[i];
  let a = x[i];
  y[i] = math_opaque(t * e, params.zero) + math_opaque((1.0 - t) * a, params.zero);
  velocity[i] = e - a;
}
