// A class drawn from each row of probabilities: the first c with x[r, 0] + ... + x[r, c] > u[r] * total; -1 where the row has
// no distribution.
//
// One workgroup of WG lanes a row; each lane adds up a stretch of the row, finds where its stretch begins by adding up the others', and the
// lane whose stretch holds u walks it again.
//
// include: lib/math.wgsl, lib/halves.wgsl, lib/row/load-scalar.wgsl, lib/row/load-halves-scalar.wgsl

// `const WG` is prepended by the plan.

struct Params {
  rows: u32,
  columns: u32,
  first: i32, // the id of column 0
  zero: u32,
}

@group(0) @binding(0) var<storage, read> x: array<Words>;
@group(0) @binding(1) var<storage, read> u: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<i32>;
@group(0) @binding(3) var<uniform> params: Params;

// What a row may add up to: 2^-64 and 2^64, far from where sums and products of f32 end.
const LEAST = 5.421010862427522e-20;
const MOST = 1.8446744073709552e19;

var<workgroup> sums: array<f32, WG>;

@compute @workgroup_size(WG)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = group.x + group.y * groups.x;
  if row >= params.rows { return; } // uniform across the workgroup, so the barrier below stays legal
  let columns = params.columns;
  let stretch = (columns + WG - 1u) / WG;
  let begin = min(lane * stretch, columns);
  let end = min(begin + stretch, columns);
  let start = row * columns;
  var mine = Sum(0.0, 0.0);
  for (var c = begin; c < end; c += 1u) { mine = with_term(mine, bitcast<f32>(row_load_one(start + c))); }
  sums[lane] = mine.value;
  workgroupBarrier();

  // Every lane adds in the same order, so that one lane's stretch ends exactly where the next one's begins.
  var total = 0.0;
  var before = 0.0;
  var last = 0u; // the last lane with any probability
  for (var k = 0u; k < WG; k += 1u) {
    before = select(before, total, k == lane);
    last = select(last, k, sums[k] > 0.0);
    total += sums[k];
  }
  if !((total >= LEAST) & (total <= MOST)) { // nothing but zeros, NaN or an infinity
    if lane == 0u { y[row] = -1; }
    return;
  }
  let target_sum = u[row] * total;
  let holds = (target_sum >= before) & ((target_sum < before + mine.value) | (lane == last));
  if !holds | (mine.value <= 0.0) { return; }
  var reached = Sum(before, 0.0);
  var chosen = begin;
  for (var c = begin; c < end; c += 1u) {
    let p = bitcast<f32>(row_load_one(start + c));
    // Until u is passed, the last class with any probability stands: roundings never choose one that has none.
    chosen = select(chosen, c, (p > 0.0) & (reached.value <= target_sum));
    reached = with_term(reached, p);
  }
  y[row] = params.first + i32(chosen);
}

// A sum, and what its last addition rounded away (Kahan).
struct Sum {
  value: f32,
  lost: f32,
}

fn with_term(sum: Sum, p: f32) -> Sum {
  let term = p - sum.lost;
  let next = sum.value + term;
  return Sum(next, math_opaque(next - sum.value, params.zero) - term);
}
