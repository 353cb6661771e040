// Log-density of each row of x under a distribution, in nats: an invocation a row.
//
// In front of this stand the emitted `density` (the log-density and its state) and
//   density_of(row) -> vec2<f32>    those two, the state 1 where the density holds, 0 for -Infinity, 2 for Infinity,
//                                   3 for NaN
// A NaN coordinate is found in its bits and makes the row NaN; a point at infinity has -Infinity. All three are stored as bits.

struct Params {
  rows: u32,
  zero: u32,
}

@group(0) @binding(0) var<storage, read> parameters: array<f32>;
@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<u32>;
@group(0) @binding(3) var<uniform> params: Params;

@compute @workgroup_size(WG)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let row = (group.y * groups.x + group.x) * WG + local;
  if row >= params.rows { return; }
  var largest = 0u;
  for (var c = 0u; c < SIZE; c++) {
    let size = x[row * SIZE + c] & 0x7fffffffu;
    largest = select(largest, size, size > largest);
  }
  let found = density_of(row);
  let inside = (found.y > 0.5) & (largest < 0x7f800000u);
  let density = select(bitcast<u32>(found.x), 0x7f800000u, found.y > 1.5);
  let value = select(0xff800000u, density, inside);
  y[row] = select(value, 0x7fc00000u, (largest > 0x7f800000u) | (inside & (found.y > 2.5)));
}
