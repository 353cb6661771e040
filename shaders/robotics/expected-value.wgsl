// Expected value of each row: y[r] = sum over c of x[r, c] values[c].
//
// One invocation a row. Terms are added in pairs from both ends, so that equal probabilities of values that are symmetric
// about 0 give 0 exactly.
//
// include: lib/math.wgsl

struct Params {
  rows: u32,
  columns: u32,
  zero: u32,
}

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> values: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;
@group(0) @binding(3) var<uniform> params: Params;

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
  if columns % 2u == 1u { sum = term(start, columns / 2u); }
  for (var k = columns / 2u; k > 0u; k -= 1u) {
    sum += term(start, k - 1u) + term(start, columns - k);
  }
  y[row] = sum;
}

// Rounded by itself: contracted into an addition, a pair that should cancel would leave the other product's rounding.
fn term(start: u32, c: u32) -> f32 {
  return math_opaque(x[start + c] * values[c], params.zero);
}
