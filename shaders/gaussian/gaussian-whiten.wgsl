// Log-density of rows under one Gaussian with correlations (lib/gaussian-value.wgsl has the result): z = W (x - mean),
// W = L^-1, covariance = L L^T, q = z^T z; and, BY_X, BY_MEAN, the gradient W^T z. For sizes that registers cannot hold.
//
// A row a workgroup, a coordinate a lane. `spread` holds W, its lower triangle row by row, and behind it the log-density at
// the mean; CAP is the largest size.
//
// include: lib/gaussian-bits.wgsl, lib/gaussian-value.wgsl

struct Params {
  rows: u32,
  size: u32,
  meanstride: u32, // 0 where all rows share the mean
}

@group(0) @binding(0) var<storage, read> x: array<u32>;
@group(0) @binding(1) var<storage, read> mean: array<u32>;
@group(0) @binding(2) var<storage, read> spread: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<u32>;
@group(0) @binding(4) var<storage, read_write> byx: array<u32>;
@group(0) @binding(5) var<storage, read_write> bymean: array<u32>;
@group(0) @binding(6) var<uniform> params: Params;

var<workgroup> top: atomic<u32>;
var<workgroup> offsets: array<f32, CAP>; // x - mean
var<workgroup> whitened: array<f32, CAP>; // z

@compute @workgroup_size(WG)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = group.x + group.y * groups.x;
  if row >= params.rows { return; }
  let size = params.size;
  for (var i = lane; i < size; i += WG) {
    let value = x[row * size + i];
    let middle = mean[row * params.meanstride + i];
    offsets[i] = bitcast<f32>(value) - bitcast<f32>(middle);
    atomicMax(&top, max(value & GAUSSIAN_MAGNITUDE, middle & GAUSSIAN_MAGNITUDE));
  }
  workgroupBarrier();
  let found = atomicLoad(&top);
  let finite = found < GAUSSIAN_INFINITY;
  for (var i = lane; i < size; i += WG) {
    let at = (i * (i + 1u)) / 2u;
    var even = 0.0;
    var odd = 0.0;
    for (var j = 0u; j < i; j += 2u) {
      even += spread[at + j] * offsets[j];
      odd += spread[at + j + 1u] * offsets[j + 1u];
    }
    // Where the row is of odd length its last term is left.
    if (i & 1u) == 0u { even += spread[at + i] * offsets[i]; }
    whitened[i] = select(0.0, even + odd, finite);
  }
  workgroupBarrier();
  if lane == 0u {
    var q = vec4<f32>(0.0);
    var apart = vec2<f32>(0.0); // ROOT: q in other units (gaussian_distance)
    for (var i = 0u; i < size; i++) {
      let z = whitened[i];
      q[i & 3u] += z * z;
      if ROOT { apart += vec2<f32>(gaussian_far(vec4<f32>(z)).x, gaussian_near(vec4<f32>(z)).x); }
    }
    let form = (q.x + q.y) + (q.z + q.w);
    if ROOT { y[row] = gaussian_distance(form, apart.x, apart.y, found); }
    else { y[row] = gaussian_value(form, spread[(size * (size + 1u)) / 2u], found); }
  }
  if !(BY_X | BY_MEAN) { return; }
  for (var j = lane; j < size; j += WG) {
    var sum = 0.0;
    for (var i = j; i < size; i++) { sum += spread[(i * (i + 1u)) / 2u + j] * whitened[i]; }
    let value = select(GAUSSIAN_NAN, bitcast<u32>(sum), finite);
    if BY_X { byx[row * size + j] = value ^ GAUSSIAN_SIGN; }
    if BY_MEAN { bymean[row * size + j] = value; }
  }
}
