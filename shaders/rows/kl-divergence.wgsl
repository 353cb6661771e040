// Row KL divergence: y[r] = sum over c of p log(p / q), p = softmax(x[r, :] / temperature) and q the same of
// `other`; = cross / S_p - log S_p + log S_q, with cross of lib/row/pair.wgsl.
//
// LANES lanes a row; each logit is read once (or, split, its segments' states are).
//
// include: lib/math.wgsl, lib/row/row-params.wgsl, lib/row/extra-none.wgsl, lib/row/row.wgsl, lib/row/pair.wgsl,
// lib/halves.wgsl, lib/row/load-*.wgsl, lib/row/load-pair-*.wgsl, lib/place.wgsl, lib/row/lanes-*.wgsl, lib/row/state-*.wgsl

@group(0) @binding(0) var<storage, read> x: array<Words>;
@group(0) @binding(1) var<storage, read> other: array<OtherWords>;
@group(0) @binding(2) var<storage, read> mask: array<u32>;
@group(0) @binding(3) var<storage, read> parts: array<State>;
@group(0) @binding(4) var<storage, read_write> y: array<u32>;
@group(0) @binding(5) var<uniform> params: Params;

@compute @workgroup_size(WG)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let place = place_find(group, groups, local);
  var s = state_find(place, local);
  s.p = row_settled(s.p);
  s.q = row_settled(s.q);
  if place.live && place.lane == 0u { y[params.first + place.row] = divergence_bits(s); }
}

fn divergence_bits(s: Pair) -> u32 {
  if (s.p.flags & ROW_KEPT) == 0u { return 0u; }
  if row_status(s.p) != ROW_SOUND || row_status(s.q) != ROW_SOUND { return ROW_NAN_BITS; }
  if (s.marks & PAIR_IMPOSSIBLE) != 0u { return ROW_INFINITY_BITS; }
  // Rounding may leave it a little below 0, where no divergence is.
  return bitcast<u32>(max(s.cross / (s.p.ties + s.p.rest) + (row_log_sum(s.q) - row_log_sum(s.p)), 0.0));
}
