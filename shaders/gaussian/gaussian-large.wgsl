// Log-density of rows under Gaussians with correlations (lib/gaussian-value.wgsl has the result): z = L^-1 (x - mean),
// covariance = L L^T, q = z^T z; and, BY_X, BY_MEAN, the gradient L^-T z. For sizes that registers cannot hold.
//
// A row a workgroup, which factorises the row's own matrix in its memory (lib/gaussian-triangle.wgsl).
//
// include: lib/math.wgsl, lib/gaussian-bits.wgsl, lib/gaussian-value.wgsl, lib/gaussian-factor.wgsl, lib/gaussian-triangle.wgsl

struct Params {
  rows: u32,
  row: u32, // of the whole call, the first row of this dispatch
  size: u32,
  meanstride: u32, // 0 where all rows share the mean
  zero: u32,
}

@group(0) @binding(0) var<storage, read> x: array<u32>;
@group(0) @binding(1) var<storage, read> mean: array<u32>;
@group(0) @binding(2) var<storage, read> spread: array<u32>;
@group(0) @binding(3) var<storage, read_write> y: array<u32>;
@group(0) @binding(4) var<storage, read_write> byx: array<u32>;
@group(0) @binding(5) var<storage, read_write> bymean: array<u32>;
@group(0) @binding(6) var<storage, read_write> faults: array<atomic<u32>>;
@group(0) @binding(7) var<uniform> params: Params;

var<workgroup> top: atomic<u32>;
var<workgroup> slopes: array<f32, CAP>; // L^-T z

@compute @workgroup_size(WG)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = group.x + group.y * groups.x;
  if row >= params.rows { return; }
  let size = params.size;
  let target_row = triangle_at(size);
  for (var i = lane; i < size; i += WG) {
    let value = x[row * size + i];
    let middle = mean[row * params.meanstride + i];
    triangle[target_row + i] = bitcast<f32>(value) - bitcast<f32>(middle);
    atomicMax(&top, max(value & GAUSSIAN_MAGNITUDE, middle & GAUSSIAN_MAGNITUDE));
  }
  workgroupBarrier();
  let found = atomicLoad(&top);
  let finite = found < GAUSSIAN_INFINITY;
  for (var i = lane; i < size; i += WG) { triangle[target_row + i] = select(0.0, triangle[target_row + i], finite); }
  triangle_load(row * size * size, size, lane);
  triangle_factorise(size, lane);
  triangle_condition(size, lane);
  let level = triangle_level(size, params.zero);
  workgroupBarrier();
  if lane == 0u {
    var q = vec4<f32>(0.0);
    var apart = vec2<f32>(0.0); // ROOT: q in other units (gaussian_distance)
    for (var i = 0u; i < size; i++) {
      let z = triangle[target_row + i];
      q[i & 3u] += z * z;
      if ROOT { apart += vec2<f32>(gaussian_far(vec4<f32>(z)).x, gaussian_near(vec4<f32>(z)).x); }
    }
    let form = (q.x + q.y) + (q.z + q.w);
    if ROOT { y[row] = gaussian_distance(form, apart.x, apart.y, found); }
    else { y[row] = gaussian_value(form, level, found); }
    let fault = triangle_verdict();
    if fault != GAUSSIAN_FINE { atomicMax(&faults[0], ~((params.row + row) * 3u * size + fault)); }
  }
  if BY_X | BY_MEAN {
    workgroupBarrier();
    slope(size, lane);
    for (var i = lane; i < size; i += WG) {
      let value = select(GAUSSIAN_NAN, bitcast<u32>(slopes[i]), finite);
      if BY_X { byx[row * size + i] = value ^ GAUSSIAN_SIGN; }
      if BY_MEAN { bymean[row * size + i] = value; }
    }
  }
}

// L^-T z, from the last coordinate to the first.
fn slope(size: u32, lane: u32) {
  let target_row = triangle_at(size);
  for (var done = 0u; done < size; done++) {
    let k = size - 1u - done;
    let found = triangle[target_row + k] * rates[k];
    for (var i = lane; i < k; i += WG) { triangle[target_row + i] -= triangle[triangle_at(k) + i] * found; }
    if lane == 0u { slopes[k] = found; }
    workgroupBarrier();
  }
}
