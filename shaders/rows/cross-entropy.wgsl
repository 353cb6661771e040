// Row cross-entropy: y[r] = H(t[r], softmax(x[r, :] / temperature)) + z-loss (lib/loss.wgsl), or, REDUCED, the
// record that the mean or sum over rows is made of: (value, weight, z-loss, marks).
//
// LANES lanes a row; each logit is read once (or, split, its segments' states are).
//
// include: lib/math.wgsl, lib/row/row-params.wgsl, lib/row/row.wgsl, lib/row/row-sweep.wgsl, lib/row/extra-linear.wgsl,
// lib/loss.wgsl, lib/halves.wgsl, lib/row/load-*.wgsl, lib/place.wgsl, lib/row/lanes-*.wgsl, lib/row/state-*.wgsl

@group(0) @binding(0) var<storage, read> x: array<Words>;
@group(0) @binding(1) var<storage, read> mask: array<u32>;
@group(0) @binding(2) var<storage, read> targets: array<u32>;
@group(0) @binding(3) var<storage, read> weight: array<f32>;
@group(0) @binding(4) var<storage, read> parts: array<State>;
@group(0) @binding(5) var<storage, read_write> y: array<u32>;
@group(0) @binding(6) var<storage, read_write> fault: array<atomic<u32>>;
@group(0) @binding(7) var<uniform> params: Params;

@compute @workgroup_size(WG)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let place = place_find(group, groups, local);
  extra_begin(place);
  let r = row_settled(state_find(place, local));
  if !place.live || place.lane != 0u { return; }
  var aim = Aim(0u, false, false, true, 0.0);
  if !SOFT { aim = loss_aim(place); }
  let row = params.first + place.row;
  if aim.wrong { atomicMax(&fault[0], ~row); }
  let loss = loss_of(r, aim);
  if REDUCED {
    y[4u * row] = bitcast<u32>(loss.value);
    y[4u * row + 1u] = bitcast<u32>(loss.weight);
    y[4u * row + 2u] = bitcast<u32>(loss.z);
    y[4u * row + 3u] = loss.marks;
  } else {
    y[row] = loss_bits(loss);
  }
}
