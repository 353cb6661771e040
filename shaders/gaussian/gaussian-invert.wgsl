// Inverse factor of one matrix that all rows share: W = L^-1, row by row, and behind it the log-density at the mean.
//
// One workgroup, a column of W a lane (lib/gaussian-triangle.wgsl).
//
// include: lib/math.wgsl, lib/gaussian-bits.wgsl, lib/gaussian-factor.wgsl, lib/gaussian-triangle.wgsl

struct Params { size: u32, zero: u32 }

@group(0) @binding(0) var<storage, read> spread: array<u32>;
@group(0) @binding(1) var<storage, read_write> inverse: array<f32>;
@group(0) @binding(2) var<storage, read_write> faults: array<atomic<u32>>;
@group(0) @binding(3) var<uniform> params: Params;

@compute @workgroup_size(WG)
fn main(@builtin(local_invocation_index) lane: u32) {
  let size = params.size;
  for (var i = lane; i < size; i += WG) { triangle[triangle_at(size) + i] = 0.0; }
  triangle_load(0u, size, lane);
  triangle_factorise(size, lane);
  triangle_condition(size, lane);
  workgroupBarrier();
  var v: array<f32, CAP>;
  for (var c = lane; c < size; c += WG) {
    for (var i = 0u; i < size; i++) { v[i] = select(0.0, 1.0, i == c); }
    triangle_forward(&v, c, size);
    for (var i = c; i < size; i++) { inverse[triangle_at(i) + c] = v[i]; }
  }
  if lane != 0u { return; }
  inverse[triangle_at(size)] = triangle_level(size, params.zero);
  let fault = triangle_verdict();
  if fault != GAUSSIAN_FINE { atomicMax(&faults[0], ~fault); }
}
