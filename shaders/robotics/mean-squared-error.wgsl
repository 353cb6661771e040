// Mean squared error of rows: y[r] = scale * sum over c of mask (x[r, c] - target[r, c])^2, or, REDUCED, a loss record of it
// for reduce-loss to add up.
//
// One invocation a row; where the sum of squares leaves f32, or some may have vanished, it walks the row again in other units.
//
// include: lib/math.wgsl

// `const REDUCED`, `const MASKED` are prepended by the plan.

const LOSS_NAN = 1u;
const LOSS_INFINITE = 2u;
const ONE_ROW = 8u;

struct Params {
  rows: u32,
  columns: u32,
  scale: f32,
  zero: u32,
}

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> other: array<f32>;
@group(0) @binding(2) var<storage, read> mask: array<u32>;
@group(0) @binding(3) var<storage, read_write> y: array<u32>;
@group(0) @binding(4) var<uniform> params: Params;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let row = (group.x + group.y * groups.x) * 64u + local;
  if row >= params.rows { return; }
  let columns = params.columns;
  let start = row * columns;
  var sum = 0.0;
  for (var c = 0u; c < columns; c += 1u) {
    let difference = x[start + c] - other[start + c];
    let square = math_opaque(difference * difference, params.zero);
    sum += select(square, 0.0, is_masked(start + c));
  }
  var mean = sum * params.scale;
  // Not from 2^-60 to 2^120: too much, too little, or NaN.
  if !(bitcast<u32>(sum) - 0x21800000u <= 0x7b800000u - 0x21800000u) { mean = careful_mean(start, mean); }
  let bits = bitcast<u32>(mean);
  if !REDUCED {
    y[row] = bits;
    return;
  }
  let size = bits & 0x7fffffffu;
  let mark = select(select(0u, LOSS_INFINITE, size == 0x7f800000u), LOSS_NAN, size > 0x7f800000u);
  y[4u * row] = select(bits, 0u, mark != 0u);
  y[4u * row + 1u] = 0u;
  y[4u * row + 2u] = 0u;
  y[4u * row + 3u] = mark + ONE_ROW;
}

// The same in units of the power of two below the largest difference; `given` where a value is not finite.
fn careful_mean(start: u32, given: f32) -> f32 {
  var top = 0u;  // the largest difference's bits
  var most = 0u; // the largest value's
  for (var c = 0u; c < params.columns; c += 1u) {
    let a = x[start + c];
    let b = other[start + c];
    let kept = select(0x7fffffffu, 0u, is_masked(start + c));
    top = max(top, bitcast<u32>(a - b) & kept);
    most = max(most, max(bitcast<u32>(a) & kept, bitcast<u32>(b) & kept));
  }
  if most >= 0x7f800000u { return given; }
  let exponent = clamp(i32(top >> 23u) - 127, -126, 126);
  let unit = power_of_two(-exponent);
  let beyond = top >= 0x7f800000u; // a difference that is no f32
  var sum = 0.0;
  for (var c = 0u; c < params.columns; c += 1u) {
    let a = x[start + c];
    let b = other[start + c];
    let apart = math_opaque(a * unit, params.zero) - math_opaque(b * unit, params.zero);
    let difference = select((a - b) * unit, apart, beyond);
    sum += select(difference * difference, 0.0, is_masked(start + c));
  }
  let power = power_of_two(exponent);
  // In the order that keeps what is between in f32's range.
  if exponent >= 0 { return math_opaque(math_opaque(params.scale * power, params.zero) * power, params.zero) * sum; }
  return math_opaque(math_opaque(sum * power, params.zero) * params.scale, params.zero) * power;
}

fn power_of_two(n: i32) -> f32 {
  return bitcast<f32>(u32(n + 127) << 23u);
}

fn is_masked(at: u32) -> bool {
  if MASKED { return mask[at] == 0u; }
  return false;
}
