// Row softmax: y[r, c] = exp(d[r, c]) / S[r], or with LOG its logarithm d[r, c] - log S[r]
// (d and S: lib/row/row.wgsl).
//
// LANES lanes an item. Whole: an item is a row, read twice (the second time from cache) and written once.
// Split: an item is a segment of a row whose segments' states an earlier dispatch wrote to `parts`.
//
// include: lib/math.wgsl, lib/row/row-params.wgsl, lib/row/row.wgsl, lib/row/row-sweep.wgsl, lib/row/row-probability.wgsl,
// lib/row/extra-none.wgsl, lib/halves.wgsl, lib/row/load-*.wgsl, lib/row/store-*.wgsl, lib/place.wgsl, lib/row/lanes-*.wgsl, lib/row/state-*.wgsl

@group(0) @binding(0) var<storage, read> x: array<Words>;
@group(0) @binding(1) var<storage, read> mask: array<u32>;
@group(0) @binding(2) var<storage, read> parts: array<State>;
@group(0) @binding(3) var<storage, read_write> y: array<Results>;
@group(0) @binding(4) var<uniform> params: Params;

@compute @workgroup_size(WG)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let place = place_find(group, groups, local);
  let r = row_settled(state_find(place, local));
  if !place.live { return; }
  let status = row_status(r);
  let s = row_share(r);
  let log_sum = row_log_sum(r);
  let to = params.start + place.row * params.columns + place.skip;
  var head = 0u;
  if ROW_HEADS {
    head = to & 1u;
    if place.lane < head { row_store_one(to, softmax_quad(place, 0u, status, s, log_sum).x); }
  }
  // Loops and not branches: see lib/row/row-sweep.wgsl. Four quads a trip, then what is left.
  let quick = QUICK & (status == ROW_SOUND) & (LOG | !FUSED | !s.far);
  let trips = select(0u, (place.count - head) / (16u * LANES), quick);
  if QUICK {
    const NEXT = ROW_QUAD * LANES;
    let from_word = row_word(place.at + head);
    let to_word = row_word(to + head);
    for (var i = 0u; i < trips; i++) {
      let k = ROW_QUAD * (i * 4u * LANES + place.lane);
      let b0 = row_load_word(from_word + k);
      let b1 = row_load_word(from_word + k + NEXT);
      let b2 = row_load_word(from_word + k + 2u * NEXT);
      let b3 = row_load_word(from_word + k + 3u * NEXT);
      row_store_word(to_word + k, softmax_quick(b0, s, log_sum));
      row_store_word(to_word + k + NEXT, softmax_quick(b1, s, log_sum));
      row_store_word(to_word + k + 2u * NEXT, softmax_quick(b2, s, log_sum));
      row_store_word(to_word + k + 3u * NEXT, softmax_quick(b3, s, log_sum));
    }
  }
  for (var k = head + trips * 16u * LANES + 4u * place.lane; k < place.count; k += 4u * LANES) {
    row_store(to + k, softmax_quad(place, k, status, s, log_sum), place.count - k);
  }
}

// Any four logits, the k-th first.
fn softmax_quad(place: RowItem, k: u32, status: u32, s: Share, log_sum: f32) -> vec4<u32> {
  var keep = vec4<bool>(true);
  if MASKED { keep = row_mask(place.column + k); }
  let y = select(vec4<u32>(ROW_NAN_BITS), softmax_value(row_load(place.at + k), s, log_sum), vec4<bool>(status == ROW_SOUND));
  return select(vec4<u32>(select(0u, 0xff800000u, LOG)), y, keep);
}

// Four finite or -inf logits in a row that has a distribution.
fn softmax_value(bits: vec4<u32>, s: Share, log_sum: f32) -> vec4<u32> {
  if LOG { return softmax_log(bits, s, log_sum); }
  return bitcast<vec4<u32>>(row_probability4(bitcast<vec4<f32>>(bits), s));
}

// The same in a row that is not far.
fn softmax_quick(bits: vec4<u32>, s: Share, log_sum: f32) -> vec4<u32> {
  if LOG { return softmax_log(bits, s, log_sum); }
  if FUSED { return bitcast<vec4<u32>>(row_probability4_fused(bitcast<vec4<f32>>(bits), s)); }
  return bitcast<vec4<u32>>(row_probability4(bitcast<vec4<f32>>(bits), s));
}

// What leaves f32 on the way is truly below its range: -inf.
fn softmax_log(bits: vec4<u32>, s: Share, log_sum: f32) -> vec4<u32> {
  let y = bitcast<vec4<u32>>((bitcast<vec4<f32>>(bits) - s.peak) * s.rate - log_sum);
  return select(y, bits, bits == vec4<u32>(0xff800000u));
}
