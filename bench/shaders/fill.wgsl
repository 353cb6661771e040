// Hashed logits: x[r, c] = (hash(r · columns + c) >> 8) · 2⁻²⁰ - 8, exactly, so that the host can make the same.
//
// One workgroup a row, WG lanes striding over its columns.
//
// `const WG = …u;` is prepended.

struct Params { rows: u32, columns: u32, first: u32 }

@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@group(0) @binding(1) var<uniform> params: Params;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let row = group.x;
  if row >= params.rows { return; }
  for (var column = lane; column < params.columns; column += WG) {
    let word = hash((params.first + row) * params.columns + column);
    x[row * params.columns + column] = (f32(word >> 8u) - 8388608.0) * 0x1p-20f;
  }
}

fn hash(index: u32) -> u32 {
  let state = index * 747796405u + 2891336453u;
  let word = ((state >> ((state >> 28u) + 4u)) ^ state) * 277803737u;
  return (word >> 22u) ^ word;
}
