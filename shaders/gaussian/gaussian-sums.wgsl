// Sums of columns: y[group, c] = scale * sum of x[r, c] over the LENGTH rows r of the group.
//
// An invocation takes a column of a group; sums of SPAN terms are summed, so that rounding errors do not pile up.
// Neighbouring invocations take neighbouring columns.

struct Params {
  rows: u32,
  columns: u32,
  groups: u32,
  scale: f32,
}

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<uniform> params: Params;

const SPAN = 16u;

@compute @workgroup_size(WG)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let item = (group.x + group.y * groups.x) * WG + local;
  let columns = params.columns;
  if item >= params.groups * columns { return; }
  let first = item / columns;
  let column = item - first * columns;
  let end = min(params.rows, (first + 1u) * LENGTH);
  var total = 0.0;
  for (var begin = first * LENGTH; begin < end; begin += SPAN) {
    var sum = 0.0;
    for (var row = begin; row < min(end, begin + SPAN); row++) { sum += x[row * columns + column]; }
    total += sum;
  }
  y[item] = total * params.scale;
}
