// One lane's walk over its share of a row; lanes take turns quad by quad.
//
// The quick walk takes eight quads at a time and trusts every logit to be finite or -inf. A NaN or +inf makes
// it end in a NaN sum (or, STRICT, is seen in the bits, for GPUs whose compilers assume NaN away); then, and
// under a mask, the careful walk tells every case apart. The walks are loops and not the two sides of a branch
// because software GPUs execute both sides of a branch, but skip a loop of no trips. For the same kind of
// reason exponentials are taken one component at a time: fewer values are alive at once.

struct Terms {
  rest: f32,
  ties: f32,
  slope: f32,
}

// Adds exp(d) of one logit. A tie with the peak gives exactly 1, the only value whose floor is not 0. Terms
// below exp(-86) count as exp(-86).
fn row_term(sum: Terms, x: f32, peak: f32, scale: f32) -> Terms {
  let d = x - peak;
  let u = select(d, params.floor, d < params.floor) * scale;
  let e = math_exp2_sum(u, params.zero);
  let tie = floor(e);
  let rest = e - tie;
  if ENTROPY { return Terms(sum.rest + rest, sum.ties + tie, sum.slope + e * u); }
  return Terms(sum.rest + rest, sum.ties + tie, 0.0);
}

fn row_take(r: ptr<function, Row>, a: Terms, b: Terms, c: Terms, d: Terms) {
  (*r).ties += (a.ties + b.ties) + (c.ties + d.ties);
  row_add(r, (a.rest + b.rest) + (c.rest + d.rest), ((a.slope + b.slope) + (c.slope + d.slope)) * MATH_LN2);
}

fn row_finite(v: vec4<f32>) -> vec4<bool> {
  return v >= vec4<f32>(ROW_LOWEST);
}

// Whether the bits of a NaN or +inf are among these; larger is as i32 for the positive and u32 for the negative.
fn row_odd(positive: vec4<i32>, negative: vec4<u32>) -> bool {
  return any(positive >= vec4<i32>(0x7f800000)) || any(negative > vec4<u32>(0xff800000u));
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
  if STRICT {
    let negative = max(max(max(b0, b1), max(b2, b3)), max(max(b4, b5), max(b6, b7)));
    let positive = max(
      max(max(bitcast<vec4<i32>>(b0), bitcast<vec4<i32>>(b1)), max(bitcast<vec4<i32>>(b2), bitcast<vec4<i32>>(b3))),
      max(max(bitcast<vec4<i32>>(b4), bitcast<vec4<i32>>(b5)), max(bitcast<vec4<i32>>(b6), bitcast<vec4<i32>>(b7))));
    if row_odd(positive, negative) { (*r).flags |= ROW_ODD; }
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
    extra_visit(r, v0, row_finite(v0), 4u, at, column);
    extra_visit(r, v1, row_finite(v1), 4u, at + STEP, column + STEP);
    extra_visit(r, v2, row_finite(v2), 4u, at + 2u * STEP, column + 2u * STEP);
    extra_visit(r, v3, row_finite(v3), 4u, at + 3u * STEP, column + 3u * STEP);
    extra_visit(r, v4, row_finite(v4), 4u, at + 4u * STEP, column + 4u * STEP);
    extra_visit(r, v5, row_finite(v5), 4u, at + 5u * STEP, column + 5u * STEP);
    extra_visit(r, v6, row_finite(v6), 4u, at + 6u * STEP, column + 6u * STEP);
    extra_visit(r, v7, row_finite(v7), 4u, at + 7u * STEP, column + 7u * STEP);
  }
  let highest = row_max_horizontal(math_larger4(
    math_larger4(math_larger4(v0, v1), math_larger4(v2, v3)),
    math_larger4(math_larger4(v4, v5), math_larger4(v6, v7))));
  row_raise(r, math_larger(highest, (*r).peak));
  let m = (*r).peak;
  let s = params.rate * MATH_LOG2E;
  var x = row_term(row_term(Terms(0.0, 0.0, 0.0), v0.x, m, s), v1.x, m, s);
  x = row_term(row_term(x, v2.x, m, s), v3.x, m, s);
  x = row_term(row_term(x, v4.x, m, s), v5.x, m, s);
  x = row_term(row_term(x, v6.x, m, s), v7.x, m, s);
  var y = row_term(row_term(Terms(0.0, 0.0, 0.0), v0.y, m, s), v1.y, m, s);
  y = row_term(row_term(y, v2.y, m, s), v3.y, m, s);
  y = row_term(row_term(y, v4.y, m, s), v5.y, m, s);
  y = row_term(row_term(y, v6.y, m, s), v7.y, m, s);
  var z = row_term(row_term(Terms(0.0, 0.0, 0.0), v0.z, m, s), v1.z, m, s);
  z = row_term(row_term(z, v2.z, m, s), v3.z, m, s);
  z = row_term(row_term(z, v4.z, m, s), v5.z, m, s);
  z = row_term(row_term(z, v6.z, m, s), v7.z, m, s);
  var w = row_term(row_term(Terms(0.0, 0.0, 0.0), v0.w, m, s), v1.w, m, s);
  w = row_term(row_term(w, v2.w, m, s), v3.w, m, s);
  w = row_term(row_term(w, v4.w, m, s), v5.w, m, s);
  w = row_term(row_term(w, v6.w, m, s), v7.w, m, s);
  row_take(r, x, y, z, w);
}

// The last quads of a lane, of which `left` values belong to the row; -inf stands in for the others.
fn row_quad(r: ptr<function, Row>, at: u32, column: u32, left: u32) {
  let inside = vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(left);
  let bits = select(vec4<u32>(0xff800000u), row_load(at), inside);
  if STRICT && row_odd(bitcast<vec4<i32>>(bits), bits) { (*r).flags |= ROW_ODD; }
  let v = bitcast<vec4<f32>>(bits);
  if EXTRA { extra_visit(r, v, row_finite(v), left, at, column); }
  row_raise(r, math_larger(row_max_horizontal(v), (*r).peak));
  let m = (*r).peak;
  let s = params.rate * MATH_LOG2E;
  let none = Terms(0.0, 0.0, 0.0);
  row_take(r, row_term(none, v.x, m, s), row_term(none, v.y, m, s), row_term(none, v.z, m, s), row_term(none, v.w, m, s));
}

fn row_careful(r: ptr<function, Row>, at: u32, column: u32, left: u32) {
  let bits = row_load(at);
  var keep = vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(left);
  if MASKED { keep = keep & row_mask(column); }
  let size = bits & vec4<u32>(ROW_MAGNITUDE);
  let finite = keep & (size < vec4<u32>(ROW_INFINITY_BITS));
  let v = bitcast<vec4<f32>>(select(vec4<u32>(ROW_LOWEST_BITS), bits, finite));
  if any(keep) { (*r).flags |= ROW_KEPT; }
  if any(keep & (size > vec4<u32>(ROW_INFINITY_BITS))) { (*r).flags |= ROW_NAN; }
  if any(keep & (bits == vec4<u32>(ROW_INFINITY_BITS))) { (*r).flags |= ROW_POSITIVE_INFINITY; }
  if EXTRA { extra_visit(r, v, finite, left, at, column); }
  row_raise(r, math_larger(row_max_horizontal(v), (*r).peak));
  let quarters = math_larger4(v * 0.25 - (*r).peak * 0.25, vec4<f32>(params.floor * 0.25));
  let u = quarters * (params.rate * (4.0 * MATH_LOG2E));
  let e = select(vec4<f32>(0.0), math_exp2_sum4(u, params.zero), finite);
  let tie = floor(e);
  (*r).ties += row_add_horizontal(tie);
  row_add(r, row_add_horizontal(e - tie), row_add_horizontal(e * u) * MATH_LN2);
}

// Lane `lane` of LANES over the place's segment.
fn row_sweep(place: Place) -> Row {
  var r = row_empty();
  r.flags = select(0u, ROW_KEPT, place.count > 0u);
  let chunks = select(place.count / (32u * LANES), 0u, MASKED);
  for (var i = 0u; i < chunks; i++) {
    let k = i * 32u * LANES + 4u * place.lane;
    row_chunk(&r, place.at + k, place.column + k);
  }
  let tail = select(chunks * 32u * LANES + 4u * place.lane, place.count, MASKED);
  for (var k = tail; k < place.count; k += 4u * LANES) {
    row_quad(&r, place.at + k, place.column + k, place.count - k);
  }
  let odd = MASKED || (r.flags & ROW_ODD) != 0u || !(r.rest <= 3.0e38);
  if odd { r = row_empty(); }
  for (var k = select(place.count, 4u * place.lane, odd); k < place.count; k += 4u * LANES) {
    row_careful(&r, place.at + k, place.column + k, place.count - k);
  }
  return r;
}
