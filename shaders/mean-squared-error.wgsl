// Mean squared error of rows: y[r] = scale * sum over c of mask (x[r, c] - target[r, c])^2, or, REDUCED, a loss record of it
// for reduce-loss to add up.
//
// One invocation a row.
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
  let bits = bitcast<u32>(sum * params.scale);
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

fn is_masked(at: u32) -> bool {
  if MASKED { return mask[at] == 0u; }
  return false;
}
