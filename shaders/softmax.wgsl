// Row softmax: y[r, c] = exp(d[r, c]) / S[r], or with LOG its logarithm d[r, c] - log S[r]
// (d and S: lib/row.wgsl).
//
// LANES lanes an item. Whole: an item is a row, read twice (the second time from cache) and written once.
// Split: an item is a segment of a row whose segments' states an earlier dispatch wrote to `parts`.
//
// include: lib/math.wgsl, lib/row-params.wgsl, lib/row.wgsl, lib/row-sweep.wgsl, lib/row-probability.wgsl,
// lib/extra-none.wgsl, lib/load-*.wgsl, lib/store-*.wgsl, lib/words-*.wgsl, lib/place.wgsl, lib/lanes-*.wgsl, lib/state-*.wgsl

@group(0) @binding(0) var<storage, read> x: array<Words>;
@group(0) @binding(1) var<storage, read> mask: array<u32>;
@group(0) @binding(2) var<storage, read> parts: array<State>;
@group(0) @binding(3) var<storage, read_write> y: array<Words>;
@group(0) @binding(4) var<uniform> params: Params;

@compute @workgroup_size(WG)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let place = place_find(group, groups, local);
  let r = state_find(place, local);
  if !place.live { return; }
  let status = row_status(r);
  let share = 1.0 / (r.ties + r.rest);
  let log_sum = row_log_sum(r);
  let to = params.start + place.row * params.columns + place.skip;
  // Two loops and not a branch: see lib/row-sweep.wgsl.
  let quick = status == 0u && !MASKED;
  for (var k = select(place.count, 4u * place.lane, quick); k < place.count; k += 4u * LANES) {
    let bits = row_load(place.at + k);
    row_store(to + k, softmax_quick(r.peak, bits, share, log_sum), place.count - k);
  }
  for (var k = select(4u * place.lane, place.count, quick); k < place.count; k += 4u * LANES) {
    let bits = row_load(place.at + k);
    var keep = vec4<bool>(true);
    if MASKED { keep = row_mask(place.column + k); }
    var y = vec4<u32>(ROW_NAN_BITS);
    if status == 0u { y = softmax_quick(r.peak, bits, share, log_sum); }
    row_store(to + k, select(vec4<u32>(select(0u, 0xff800000u, LOG)), y, keep), place.count - k);
  }
}

// Four finite or -inf logits in a row that has a distribution.
fn softmax_quick(peak: f32, bits: vec4<u32>, share: f32, log_sum: f32) -> vec4<u32> {
  let v = bitcast<vec4<f32>>(bits);
  if LOG {
    // What leaves f32 on the way is truly below its range: -inf.
    let y = bitcast<vec4<u32>>((v - peak) * params.rate - log_sum);
    return select(y, bits, bits == vec4<u32>(0xff800000u));
  }
  return bitcast<vec4<u32>>(row_probability4(peak, v, share));
}
