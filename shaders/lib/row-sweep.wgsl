// One lane's walk over a part of a row: eight quads at a time where every logit is finite and below 2^126,
// a quad at a time with every case told apart where not. Lanes take turns quad by quad.

// exp(d) of four finite, calm logits, floored at exp(-86); the exponent is kept for the entropy.
fn row_exponent(v: vec4<f32>, peak: vec4<f32>, lowest: vec4<f32>) -> vec4<f32> {
  return max(v - peak, lowest) * (params.rate * MATH_LOG2E);
}

fn row_is_calm(r: ptr<function, Row>) -> bool {
  return abs((*r).peak) < ROW_CALM || (*r).ties == 0.0;
}

fn row_careful(r: ptr<function, Row>, bits: vec4<u32>, left: u32, at: u32, column: u32) {
  var keep = vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(left);
  if MASKED { keep = keep & row_mask(column); }
  let size = bits & vec4<u32>(ROW_MAGNITUDE);
  let finite = keep & (size < vec4<u32>(ROW_INFINITY_BITS));
  let v = bitcast<vec4<f32>>(select(vec4<u32>(ROW_LOWEST_BITS), bits, finite));
  if any(keep) { (*r).flags |= ROW_KEPT; }
  if any(keep & (size > vec4<u32>(ROW_INFINITY_BITS))) { (*r).flags |= ROW_NAN; }
  if any(keep & (bits == vec4<u32>(ROW_INFINITY_BITS))) { (*r).flags |= ROW_POSITIVE_INFINITY; }
  extra_visit(r, v, finite, left, at, column);
  if !any(finite) { return; }
  (*r).flags |= ROW_FINITE;
  let highest = row_max_horizontal(v);
  row_raise(r, select(highest, max((*r).peak, highest), (*r).ties > 0.0));
  let quarters = max(v * 0.25 - (*r).peak * 0.25, vec4<f32>(params.floor * 0.25));
  let u = quarters * (params.rate * (4.0 * MATH_LOG2E));
  let e = select(vec4<f32>(0.0), math_exp2_sum4(u, params.zero), finite);
  let tie = select(vec4<f32>(0.0), vec4<f32>(1.0), finite & (v == vec4<f32>((*r).peak)));
  (*r).ties += row_add_horizontal(tie);
  row_add(r, row_add_horizontal(e - tie), row_add_horizontal(e * u) * MATH_LN2);
}

fn row_chunk(r: ptr<function, Row>, at: u32, column: u32) {
  const STEP = 4u * LANES;
  let b0 = row_load(at);
  let b1 = row_load(at + STEP);
  let b2 = row_load(at + 2u * STEP);
  let b3 = row_load(at + 3u * STEP);
  let b4 = row_load(at + 4u * STEP);
  let b5 = row_load(at + 5u * STEP);
  let b6 = row_load(at + 6u * STEP);
  let b7 = row_load(at + 7u * STEP);
  let magnitude = vec4<u32>(ROW_MAGNITUDE);
  let size = max(
    max(max(b0 & magnitude, b1 & magnitude), max(b2 & magnitude, b3 & magnitude)),
    max(max(b4 & magnitude, b5 & magnitude), max(b6 & magnitude, b7 & magnitude)));
  if MASKED || any(size >= vec4<u32>(ROW_CALM_BITS)) || !row_is_calm(r) {
    row_careful(r, b0, 4u, at, column);
    row_careful(r, b1, 4u, at + STEP, column + STEP);
    row_careful(r, b2, 4u, at + 2u * STEP, column + 2u * STEP);
    row_careful(r, b3, 4u, at + 3u * STEP, column + 3u * STEP);
    row_careful(r, b4, 4u, at + 4u * STEP, column + 4u * STEP);
    row_careful(r, b5, 4u, at + 5u * STEP, column + 5u * STEP);
    row_careful(r, b6, 4u, at + 6u * STEP, column + 6u * STEP);
    row_careful(r, b7, 4u, at + 7u * STEP, column + 7u * STEP);
    return;
  }
  let v0 = bitcast<vec4<f32>>(b0);
  let v1 = bitcast<vec4<f32>>(b1);
  let v2 = bitcast<vec4<f32>>(b2);
  let v3 = bitcast<vec4<f32>>(b3);
  let v4 = bitcast<vec4<f32>>(b4);
  let v5 = bitcast<vec4<f32>>(b5);
  let v6 = bitcast<vec4<f32>>(b6);
  let v7 = bitcast<vec4<f32>>(b7);
  if EXTRA {
    let all = vec4<bool>(true);
    extra_visit(r, v0, all, 4u, at, column);
    extra_visit(r, v1, all, 4u, at + STEP, column + STEP);
    extra_visit(r, v2, all, 4u, at + 2u * STEP, column + 2u * STEP);
    extra_visit(r, v3, all, 4u, at + 3u * STEP, column + 3u * STEP);
    extra_visit(r, v4, all, 4u, at + 4u * STEP, column + 4u * STEP);
    extra_visit(r, v5, all, 4u, at + 5u * STEP, column + 5u * STEP);
    extra_visit(r, v6, all, 4u, at + 6u * STEP, column + 6u * STEP);
    extra_visit(r, v7, all, 4u, at + 7u * STEP, column + 7u * STEP);
  }
  (*r).flags |= ROW_KEPT | ROW_FINITE;
  let highest = row_max_horizontal(max(max(max(v0, v1), max(v2, v3)), max(max(v4, v5), max(v6, v7))));
  if highest > (*r).peak || (*r).ties == 0.0 { row_raise(r, highest); }
  let peak = vec4<f32>((*r).peak);
  let lowest = vec4<f32>(params.floor);
  let u0 = row_exponent(v0, peak, lowest);
  let u1 = row_exponent(v1, peak, lowest);
  let u2 = row_exponent(v2, peak, lowest);
  let u3 = row_exponent(v3, peak, lowest);
  let u4 = row_exponent(v4, peak, lowest);
  let u5 = row_exponent(v5, peak, lowest);
  let u6 = row_exponent(v6, peak, lowest);
  let u7 = row_exponent(v7, peak, lowest);
  let e0 = math_exp2_sum4(u0, params.zero);
  let e1 = math_exp2_sum4(u1, params.zero);
  let e2 = math_exp2_sum4(u2, params.zero);
  let e3 = math_exp2_sum4(u3, params.zero);
  let e4 = math_exp2_sum4(u4, params.zero);
  let e5 = math_exp2_sum4(u5, params.zero);
  let e6 = math_exp2_sum4(u6, params.zero);
  let e7 = math_exp2_sum4(u7, params.zero);
  // floor(e) is 1 where e is 1, which are the ties, and 0 elsewhere.
  let t0 = floor(e0);
  let t1 = floor(e1);
  let t2 = floor(e2);
  let t3 = floor(e3);
  let t4 = floor(e4);
  let t5 = floor(e5);
  let t6 = floor(e6);
  let t7 = floor(e7);
  (*r).ties += row_add_horizontal(((t0 + t1) + (t2 + t3)) + ((t4 + t5) + (t6 + t7)));
  let rest = (((e0 - t0) + (e1 - t1)) + ((e2 - t2) + (e3 - t3)))
    + (((e4 - t4) + (e5 - t5)) + ((e6 - t6) + (e7 - t7)));
  var slope = 0.0;
  if ENTROPY {
    slope = MATH_LN2 * row_add_horizontal(
      ((e0 * u0 + e1 * u1) + (e2 * u2 + e3 * u3)) + ((e4 * u4 + e5 * u5) + (e6 * u6 + e7 * u7)));
  }
  row_add(r, row_add_horizontal(rest), slope);
}

fn row_quad(r: ptr<function, Row>, at: u32, column: u32, left: u32) {
  let bits = row_load(at);
  if MASKED || left < 4u || any((bits & vec4<u32>(ROW_MAGNITUDE)) >= vec4<u32>(ROW_CALM_BITS)) || !row_is_calm(r) {
    row_careful(r, bits, left, at, column);
    return;
  }
  let v = bitcast<vec4<f32>>(bits);
  if EXTRA { extra_visit(r, v, vec4<bool>(true), 4u, at, column); }
  (*r).flags |= ROW_KEPT | ROW_FINITE;
  let highest = row_max_horizontal(v);
  if highest > (*r).peak || (*r).ties == 0.0 { row_raise(r, highest); }
  let u = row_exponent(v, vec4<f32>((*r).peak), vec4<f32>(params.floor));
  let e = math_exp2_sum4(u, params.zero);
  let t = floor(e);
  (*r).ties += row_add_horizontal(t);
  row_add(r, row_add_horizontal(e - t), row_add_horizontal(e * u) * MATH_LN2);
}

// Lane `lane` of LANES over the place's segment.
fn row_sweep(place: Place) -> Row {
  var r = row_empty();
  let at = place.at;
  let chunks = place.count / (32u * LANES);
  for (var i = 0u; i < chunks; i++) {
    let k = i * 32u * LANES + 4u * place.lane;
    row_chunk(&r, at + k, place.column + k);
  }
  for (var k = chunks * 32u * LANES + 4u * place.lane; k < place.count; k += 4u * LANES) {
    row_quad(&r, at + k, place.column + k, place.count - k);
  }
  return r;
}
