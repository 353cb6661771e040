// Parameters of a diagonal Gaussian that all rows share, as kernels want them: shape = mean, rate = 1 / std, and the
// log-density at the mean, -sum of log std - size log(2 pi) / 2.
//
// One workgroup, lanes striding over the coordinates. KIND: `spread` holds 1 standard deviations, 2 variances.
//
// include: lib/math.wgsl, lib/gaussian-factor.wgsl

struct Params { size: u32, zero: u32 }

@group(0) @binding(0) var<storage, read> mean: array<f32>;
@group(0) @binding(1) var<storage, read> spread: array<u32>;
@group(0) @binding(2) var<storage, read_write> shape: array<f32>;
@group(0) @binding(3) var<storage, read_write> faults: array<atomic<u32>>;
@group(0) @binding(4) var<uniform> params: Params;

var<workgroup> log_determinants: array<f32, WG>;

@compute @workgroup_size(WG)
fn main(@builtin(local_invocation_index) lane: u32) {
  let size = params.size;
  var log_determinant = 0.0;
  for (var i = lane; i < size; i += WG) {
    let bits = spread[i];
    // From 2^-126 to 2^126, so that the reciprocal is a normal number too.
    let fine = bits >= 0x00800000u && bits <= 0x7e800000u;
    if !fine { atomicMax(&faults[0], ~i); }
    let safe = select(1.0, bitcast<f32>(bits), fine);
    shape[i] = mean[i];
    shape[size + i] = select(1.0 / safe, inverseSqrt(safe), KIND == 2u);
    log_determinant += math_log(safe, params.zero) * select(1.0, 0.5, KIND == 2u);
  }
  log_determinants[lane] = log_determinant;
  workgroupBarrier();
  if lane != 0u { return; }
  var total = 0.0;
  for (var k = 0u; k < WG; k++) { total += log_determinants[k]; }
  shape[2u * size] = -(total + f32(size) * MATH_HALF_LOG_TURN);
}
