// Divergence of each state: total[r] = the sum of its categoricals' divergences, and y[r] = max(total[r], free).
//
// One invocation a state.

struct Params {
  rows: u32,
  stoch: u32, // categoricals a state
  free: f32,
}

@group(0) @binding(0) var<storage, read> x: array<u32>;
@group(0) @binding(1) var<storage, read_write> total: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<u32>;
@group(0) @binding(3) var<uniform> params: Params;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let row = (group.x + group.y * groups.x) * 64u + local;
  if row >= params.rows { return; }
  var sum = 0.0;
  var wrong = false;
  for (var k = 0u; k < params.stoch; k += 1u) {
    let bits = x[row * params.stoch + k];
    wrong = wrong | (bits == 0x7fc00000u);
    sum += bitcast<f32>(bits);
  }
  // Rounding may leave it a little below 0, where no divergence is.
  sum = select(sum, 0.0, sum < 0.0);
  total[row] = select(bitcast<u32>(sum), 0x7fc00000u, wrong);
  y[row] = select(bitcast<u32>(select(sum, params.free, sum < params.free)), 0x7fc00000u, wrong);
}
