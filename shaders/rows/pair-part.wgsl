// The state of one segment of a pair of rows: y[row, segment] = (p's state, q's state, cross) of its columns.
//
// LANES lanes an item, an item a segment; each logit is read once.
//
// include: lib/math.wgsl, lib/row/row-params.wgsl, lib/row/extra-none.wgsl, lib/row/row.wgsl, lib/row/pair.wgsl,
// lib/halves.wgsl, lib/row/load-*.wgsl, lib/row/load-pair-*.wgsl, lib/place.wgsl, lib/row/lanes-*.wgsl, lib/row/state-whole.wgsl

@group(0) @binding(0) var<storage, read> x: array<Words>;
@group(0) @binding(1) var<storage, read> other: array<OtherWords>;
@group(0) @binding(2) var<storage, read> mask: array<u32>;
@group(0) @binding(3) var<storage, read_write> y: array<State>;
@group(0) @binding(4) var<uniform> params: Params;

@compute @workgroup_size(WG)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let place = place_find(group, groups, local);
  let state = state_find(place, local);
  if place.live && place.lane == 0u { y[(params.first + place.row) * params.segments + place.segment] = state; }
}
