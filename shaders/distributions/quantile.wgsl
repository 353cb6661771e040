// The smallest x with P(X <= x) >= p of each number p: an invocation a number, read off the curve that the host has made of the
// quantiles. NaN, found in its bits, stays NaN; so is what a p outside 0 to 1 gives, which is reported as well.
//
// include: lib/math.wgsl, lib/curve.wgsl

// `const WG` and `const WHOLE` (whether the quantiles are whole numbers) are prepended by the plan.

struct Params {
  rows: u32,
  start: u32, // where these numbers stand among all
  count: u32, // steps and pieces
  steps: u32,
  first: f32, // the first step
  least: u32, // keys of the support's ends
  most: u32,
  zero: u32,
}

@group(0) @binding(0) var<storage, read> starts: array<u32>;
@group(0) @binding(1) var<storage, read> pieces: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read> x: array<u32>;
@group(0) @binding(3) var<storage, read_write> y: array<u32>;
@group(0) @binding(4) var<storage, read_write> faults: array<atomic<u32>>;
@group(0) @binding(5) var<uniform> params: Params;

const ONE = 0x3f800000u;

@compute @workgroup_size(WG)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let row = (group.y * groups.x + group.x) * WG + local;
  if row >= params.rows { return; }
  let bits = x[row];
  let key = curve_key(bits);
  let value = curve_at(key, params.count, params.steps, params.first, params.zero);
  let whole = select(value, curve_whole(value, true), WHOLE);
  var quantile = curve_clamped(whole, params.least, params.most);
  quantile = select(quantile, curve_bits(params.least), key == CURVE_SIGN);
  quantile = select(quantile, curve_bits(params.most), key == CURVE_SIGN + ONE);
  let nan = (bits & CURVE_SIZE) > CURVE_INFINITY;
  let outside = (key < CURVE_SIGN) | (key > CURVE_SIGN + ONE);
  if outside & !nan { atomicMax(&faults[0], ~(params.start + row)); }
  y[row] = select(quantile, CURVE_NAN, nan | outside);
}
