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
  let calm = row_status(r) == 0u && abs(r.peak) < ROW_CALM && !MASKED;
  let share = 1.0 / (r.ties + r.rest);
  let log_sum = row_log_sum(r);
  // With LOG, differences beyond this would overflow when multiplied by the rate.
  let reach = vec4<f32>(-3.3e38 * min(1.0, 1.0 / params.rate));
  let to = params.start + place.row * params.columns + place.skip;
  for (var k = 4u * place.lane; k < place.count; k += 4u * LANES) {
    let bits = row_load(place.at + k);
    let left = place.count - k;
    let size = bits & vec4<u32>(ROW_MAGNITUDE);
    let d = bitcast<vec4<f32>>(select(vec4<u32>(0u), bits, size < vec4<u32>(ROW_CALM_BITS))) - r.peak;
    if calm && all(size < vec4<u32>(ROW_CALM_BITS)) && (!LOG || all(d >= reach)) {
      row_store(to + k, bitcast<vec4<u32>>(softmax_calm(d, share, log_sum)), left);
    } else {
      var keep = vec4<bool>(true);
      if MASKED { keep = row_mask(place.column + k); }
      row_store(to + k, vec4<u32>(
        softmax_careful(r, bits.x, keep.x, share, log_sum),
        softmax_careful(r, bits.y, keep.y, share, log_sum),
        softmax_careful(r, bits.z, keep.z, share, log_sum),
        softmax_careful(r, bits.w, keep.w, share, log_sum)), left);
    }
  }
}

fn softmax_calm(d: vec4<f32>, share: f32, log_sum: f32) -> vec4<f32> {
  if LOG { return d * params.rate - log_sum; }
  return row_probability_calm(d, share);
}

fn softmax_careful(r: Row, bits: u32, keep: bool, share: f32, log_sum: f32) -> u32 {
  let none = select(0u, 0xff800000u, LOG);
  if !keep { return none; }
  if row_status(r) != 0u { return ROW_NAN_BITS; }
  if bits == 0xff800000u { return none; }
  if LOG {
    // A true value below the lowest f32 is -inf.
    return row_product_bits(bitcast<f32>(bits) * 0.25 - r.peak * 0.25, 4.0 * params.rate, -log_sum);
  }
  return bitcast<u32>(row_probability(r, bits, share));
}
