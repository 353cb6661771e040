// A distribution's function of x, as cdf, survival or their logarithms, of each number in x: an invocation a number, read off the curve
// that the host has made of it. NaN, found in its bits, stays NaN.
//
// include: lib/math.wgsl, lib/curve.wgsl

// `const WG` and `const WHOLE` (whether the function changes at whole numbers only) are prepended by the plan.

struct Params {
  rows: u32,
  count: u32, // pieces
  least: u32, // keys between which the values are
  most: u32,
  zero: u32,
}

@group(0) @binding(0) var<storage, read> starts: array<u32>;
@group(0) @binding(1) var<storage, read> pieces: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read> x: array<u32>;
@group(0) @binding(3) var<storage, read_write> y: array<u32>;
@group(0) @binding(4) var<uniform> params: Params;

@compute @workgroup_size(WG)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let row = (group.y * groups.x + group.x) * WG + local;
  if row >= params.rows { return; }
  let bits = x[row];
  let own = select(bits, curve_whole(bits, false), WHOLE);
  let value = curve_at(curve_key(own), params.count, 0u, 0.0, params.zero);
  let inside = curve_clamped(value, params.least, params.most);
  y[row] = select(inside, CURVE_NAN, (bits & CURVE_SIZE) > CURVE_INFINITY);
}
