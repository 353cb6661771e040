// Row entropy in nats: y[r] = -sum over c of p log p, p = softmax(x[r, :] / temperature)
//                           = log S - (sum of exp(d) d) / S, with d and S of lib/row/row.wgsl.
//
// LANES lanes a row; each logit is read once (or, split, its segments' states are).
//
// include: lib/math.wgsl, lib/row/row-params.wgsl, lib/row/row.wgsl, lib/row/row-sweep.wgsl, lib/row/extra-none.wgsl,
// lib/halves.wgsl, lib/row/load-*.wgsl, lib/place.wgsl, lib/row/lanes-*.wgsl, lib/row/state-*.wgsl

@group(0) @binding(0) var<storage, read> x: array<Words>;
@group(0) @binding(1) var<storage, read> mask: array<u32>;
@group(0) @binding(2) var<storage, read> parts: array<State>;
@group(0) @binding(3) var<storage, read_write> y: array<u32>;
@group(0) @binding(4) var<uniform> params: Params;

@compute @workgroup_size(WG)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let place = place_find(group, groups, local);
  let r = row_settled(state_find(place, local));
  if place.live && place.lane == 0u { y[params.first + place.row] = row_entropy_bits(r); }
}
