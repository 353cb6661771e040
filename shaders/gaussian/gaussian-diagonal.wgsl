// Log-density of rows under Gaussians of independent coordinates (lib/gaussian-value.wgsl has the result):
// q = sum over i of z[i]^2, z[i] = (x[i] - mean[i]) / std[i]; and, BY_X, BY_MEAN, BY_STD, the gradients -z / std, z / std and
// (z^2 - 1) / std.
//
// LANES lanes a row, striding over its coordinates; one sweep. KIND says what `spread` holds: 0 rates 1 / std, shared
// by all rows and followed by the log-density at the mean; 1 standard deviations; 2 variances.
//
// include: lib/math.wgsl, lib/gaussian-bits.wgsl, lib/gaussian-value.wgsl, lib/gaussian-factor.wgsl

struct Params {
  rows: u32,
  first: u32, // of the bindings, the first row of this dispatch
  row: u32,   // of the whole call, the first row of the bindings
  size: u32,
  meanstride: u32, // 0 where all rows share the mean
  spreadbase: u32,
  spreadstride: u32,
  zero: u32,
}

@group(0) @binding(0) var<storage, read> x: array<u32>;
@group(0) @binding(1) var<storage, read> mean: array<u32>;
@group(0) @binding(2) var<storage, read> spread: array<u32>;
@group(0) @binding(3) var<storage, read_write> y: array<u32>;
@group(0) @binding(4) var<storage, read_write> byx: array<u32>;
@group(0) @binding(5) var<storage, read_write> bymean: array<u32>;
@group(0) @binding(6) var<storage, read_write> bystd: array<u32>;
@group(0) @binding(7) var<storage, read_write> faults: array<atomic<u32>>;
@group(0) @binding(8) var<uniform> params: Params;

// What a lane knows of a row.
struct Share {
  q: f32,
  apart: vec2<f32>, // ROOT: q in other units (gaussian_distance)
  log_determinant: f32, // sum of log std
  top: u32,    // the largest magnitude among its values, as bits
  fault: u32,  // the first coordinate whose spread is no positive number
}

var<workgroup> shares: array<Share, WG>;

const CHUNK = 64u;

@compute @workgroup_size(WG)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let item = (group.x + group.y * groups.x) * (WG / LANES) + local / LANES;
  let lane = local % LANES;
  let live = item < params.rows;
  let row = params.first + select(0u, item, live);
  var mine = Share(0.0, vec2<f32>(0.0), 0.0, 0u, GAUSSIAN_FINE);
  if live { mine = read_row(row, lane); }
  for (var step = LANES / 2u; step > 0u; step /= 2u) {
    shares[local] = mine;
    workgroupBarrier();
    if lane < step { mine = join(mine, shares[local + step]); }
    workgroupBarrier();
  }
  if !live || lane != 0u { return; }
  var level = 0.0;
  if KIND == 0u { level = bitcast<f32>(spread[params.spreadbase + params.size]); }
  else { level = -(mine.log_determinant + f32(params.size) * MATH_HALF_LOG_TURN); }
  if ROOT { y[row] = gaussian_distance(mine.q, mine.apart.x, mine.apart.y, mine.top); }
  else { y[row] = gaussian_value(mine.q, level, mine.top); }
  if KIND != 0u && mine.fault != GAUSSIAN_FINE {
    atomicMax(&faults[0], ~((params.row + row) * params.size + mine.fault));
  }
}

fn join(a: Share, b: Share) -> Share {
  return Share(a.q + b.q, a.apart + b.apart, a.log_determinant + b.log_determinant, max(a.top, b.top), min(a.fault, b.fault));
}

fn read_row(row: u32, lane: u32) -> Share {
  let zero = params.zero;
  let size = params.size;
  let start = row * size;
  let middle = row * params.meanstride;
  let width = params.spreadbase + row * params.spreadstride;
  var mine = Share(0.0, vec2<f32>(0.0), 0.0, 0u, GAUSSIAN_FINE);
  for (var begin = lane; begin < size; begin += CHUNK * LANES) {
    // Sums of sums, so that rounding errors do not pile up; and one logarithm for all of a chunk.
    var q = 0.0;
    var mantissas = 1.0;
    var exponents = 0.0;
    let end = min(size, begin + CHUNK * LANES);
    for (var i = begin; i < end; i += LANES) {
      let value = x[start + i];
      let centre = mean[middle + i];
      var rate = bitcast<f32>(spread[width + i]);
      if KIND != 0u {
        let bits = bitcast<u32>(rate);
        // From 2^-126 to 2^126, so that the reciprocal is a normal number too.
        let fine = bits >= 0x00800000u && bits <= 0x7e800000u;
        mine.fault = min(mine.fault, select(i, GAUSSIAN_FINE, fine));
        let safe = select(1.0, rate, fine);
        mantissas *= gaussian_mantissa(safe);
        exponents += gaussian_exponent(safe);
        rate = 1.0 / safe;
        if KIND == 2u { rate = inverseSqrt(safe); }
      }
      let z = (bitcast<f32>(value) - bitcast<f32>(centre)) * rate;
      q += z * z;
      if ROOT { mine.apart += vec2<f32>(gaussian_far(vec4<f32>(z)).x, gaussian_near(vec4<f32>(z)).x); }
      let top = max(value & GAUSSIAN_MAGNITUDE, centre & GAUSSIAN_MAGNITUDE);
      mine.top = max(mine.top, top);
      let slope = gaussian_slope(z * rate, value, top);
      if BY_X { byx[start + i] = slope ^ GAUSSIAN_SIGN; }
      if BY_MEAN { bymean[start + i] = slope; }
      if BY_STD { bystd[start + i] = gaussian_slope(bend(z, rate), value & GAUSSIAN_MAGNITUDE, top); }
    }
    mine.q += q;
    if KIND != 0u {
      mine.log_determinant += gaussian_log_determinant(mantissas, exponents, zero) * select(1.0, 0.5, KIND == 2u);
    }
  }
  return mine;
}

// (z^2 - 1) rate, where z^2 alone may be no f32.
fn bend(z: f32, rate: f32) -> f32 {
  return select((z * z - 1.0) * rate, math_opaque(z * rate, params.zero) * z, abs(z) > 0x1p30);
}
