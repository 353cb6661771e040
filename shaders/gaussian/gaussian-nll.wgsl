// Gaussian negative log-likelihood of each value: (log v + (input - target)^2 / v) / 2 + constant, v = max(variance, eps);
// or, REDUCED, the sum of an invocation's `run` values.
//
// An invocation takes a run of neighbours. SHARE: a variance 0 a value, 1 a row of `columns` values, 2 for all.
//
// include: lib/math.wgsl, lib/gaussian-bits.wgsl

struct Params {
  count: u32,
  run: u32,
  columns: u32,
  eps: f32,
  constant: f32, // log(2 pi) / 2 where it is wanted
  zero: u32,
}

@group(0) @binding(0) var<storage, read> input: array<u32>;
@group(0) @binding(1) var<storage, read> goal: array<u32>;
@group(0) @binding(2) var<storage, read> variance: array<u32>;
@group(0) @binding(3) var<storage, read_write> y: array<u32>;
@group(0) @binding(4) var<storage, read_write> faults: array<atomic<u32>>;
@group(0) @binding(5) var<uniform> params: Params;

@compute @workgroup_size(WG)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let thread = (group.x + group.y * groups.x) * WG + lane;
  let begin = thread * params.run;
  if begin >= params.count { return; }
  var sum = 0.0;
  var fault = GAUSSIAN_NONE;
  for (var i = begin; i < min(params.count, begin + params.run); i++) {
    var place = 0u;
    if SHARE == 0u { place = i; }
    if SHARE == 1u { place = i / params.columns; }
    let width = variance[place];
    if width > GAUSSIAN_SIGN && width <= (GAUSSIAN_INFINITY | GAUSSIAN_SIGN) { fault = min(fault, place); }
    let loss = loss_of(input[i], goal[i], width);
    if REDUCED { sum += bitcast<f32>(loss); } else { y[i] = loss; }
  }
  if REDUCED { y[thread] = bitcast<u32>(sum); }
  if fault != GAUSSIAN_NONE { atomicMax(&faults[0], ~fault); }
}

const GAUSSIAN_NONE = 0xffffffffu;

fn loss_of(a: u32, b: u32, width: u32) -> u32 {
  let wide = (width & GAUSSIAN_MAGNITUDE) < GAUSSIAN_INFINITY;
  let given = select(1.0, bitcast<f32>(width), wide);
  let v = select(params.eps, given, given > params.eps);
  let difference = bitcast<f32>(a) - bitcast<f32>(b);
  var bits = bitcast<u32>((0.5 * math_log(v, params.zero) + 0.5 * difference / v * difference) + params.constant);
  let values = max(a & GAUSSIAN_MAGNITUDE, b & GAUSSIAN_MAGNITUDE);
  bits = select(bits, GAUSSIAN_INFINITY, values == GAUSSIAN_INFINITY || !wide);
  // Inf - Inf, Inf / Inf, and NaN itself
  let same = values == GAUSSIAN_INFINITY && (a == b || !wide);
  let nan = max(values, width & GAUSSIAN_MAGNITUDE) > GAUSSIAN_INFINITY;
  return select(bits, GAUSSIAN_NAN, same || nan);
}
