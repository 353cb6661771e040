// One lane's walk over its share of a row; lanes take turns quad by quad.
//
// The QUICK walk takes eight quads at a time and trusts every logit to be finite or -inf. A NaN or +inf makes
// it end in a NaN sum (or, STRICT, is seen in the bits, for GPUs whose compilers assume NaN away); then, and
// under a mask, the careful walk tells every case apart. The quick walk does not look for the peak among its
// terms: it keeps the sum of the chunk where the peak was found apart, and walks that chunk once more.
//
// Software GPUs execute both sides of a branch and at least one trip of a loop, masked: so what is rare stands
// in loops outside the hot one, and rows too short for a chunk have no QUICK walk at all. For the same kind of
// reason exponentials are taken one component at a time: fewer values are alive at once.

struct Terms {
  sum: f32,
  slope: f32,
}

// What a term is made with: params' values, read once, because software GPUs read a uniform at every use.
struct Scale {
  peak: f32,
  lowest: f32,
  rate: f32, // log2(e) / temperature
  zero: u32,
}

// The chunk where the peak was found: its sum, and where it starts.
struct Home {
  found: bool,
  sum: f32,
  slope: f32,
  word: u32,
}

fn row_scale(r: ptr<function, Row>) -> Scale {
  return Scale((*r).peak, params.floor, params.rate * MATH_LOG2E, params.zero);
}

// log2(exp(d)) of one logit. Terms below exp(-86) count as exp(-86).
fn row_exponent(x: f32, s: Scale) -> f32 {
  let d = x - s.peak;
  return select(d, s.lowest, d < s.lowest) * s.rate;
}

fn row_term(sum: Terms, x: f32, s: Scale) -> Terms {
  let u = row_exponent(x, s);
  let e = math_exp2_sum(u, s.zero);
  if ENTROPY { return Terms(sum.sum + e, sum.slope + e * u); }
  return Terms(sum.sum + e, 0.0);
}

fn row_finite(v: vec4<f32>) -> vec4<bool> {
  return v >= vec4<f32>(ROW_LOWEST);
}

// Whether the bits of a NaN or +inf are among these; larger is as i32 for the positive and u32 for the negative.
fn row_odd(positive: vec4<i32>, negative: vec4<u32>) -> bool {
  return any(positive >= vec4<i32>(0x7f800000)) || any(negative > vec4<u32>(0xff800000u));
}

// Eight quads of a lane, LANES quads apart.
struct Eight {
  q0: vec4<f32>,
  q1: vec4<f32>,
  q2: vec4<f32>,
  q3: vec4<f32>,
  q4: vec4<f32>,
  q5: vec4<f32>,
  q6: vec4<f32>,
  q7: vec4<f32>,
}

// The first quad is at `word` of x, which is element `at`.
fn eight_load(r: ptr<function, Row>, word: u32, at: u32, column: u32) -> Eight {
  const STEP = 4u * LANES;
  const NEXT = ROW_QUAD * LANES;
  let b0 = row_load_word(word);
  let b1 = row_load_word(word + NEXT);
  let b2 = row_load_word(word + 2u * NEXT);
  let b3 = row_load_word(word + 3u * NEXT);
  let b4 = row_load_word(word + 4u * NEXT);
  let b5 = row_load_word(word + 5u * NEXT);
  let b6 = row_load_word(word + 6u * NEXT);
  let b7 = row_load_word(word + 7u * NEXT);
  if STRICT {
    let negative = max(max(max(b0, b1), max(b2, b3)), max(max(b4, b5), max(b6, b7)));
    let positive = max(
      max(max(bitcast<vec4<i32>>(b0), bitcast<vec4<i32>>(b1)), max(bitcast<vec4<i32>>(b2), bitcast<vec4<i32>>(b3))),
      max(max(bitcast<vec4<i32>>(b4), bitcast<vec4<i32>>(b5)), max(bitcast<vec4<i32>>(b6), bitcast<vec4<i32>>(b7))));
    if row_odd(positive, negative) { (*r).flags |= ROW_ODD; }
  }
  let e = Eight(
    bitcast<vec4<f32>>(b0), bitcast<vec4<f32>>(b1), bitcast<vec4<f32>>(b2), bitcast<vec4<f32>>(b3),
    bitcast<vec4<f32>>(b4), bitcast<vec4<f32>>(b5), bitcast<vec4<f32>>(b6), bitcast<vec4<f32>>(b7));
  if EXTRA {
    extra_visit(r, e.q0, row_finite(e.q0), 4u, at, column);
    extra_visit(r, e.q1, row_finite(e.q1), 4u, at + STEP, column + STEP);
    extra_visit(r, e.q2, row_finite(e.q2), 4u, at + 2u * STEP, column + 2u * STEP);
    extra_visit(r, e.q3, row_finite(e.q3), 4u, at + 3u * STEP, column + 3u * STEP);
    extra_visit(r, e.q4, row_finite(e.q4), 4u, at + 4u * STEP, column + 4u * STEP);
    extra_visit(r, e.q5, row_finite(e.q5), 4u, at + 5u * STEP, column + 5u * STEP);
    extra_visit(r, e.q6, row_finite(e.q6), 4u, at + 6u * STEP, column + 6u * STEP);
    extra_visit(r, e.q7, row_finite(e.q7), 4u, at + 7u * STEP, column + 7u * STEP);
  }
  return e;
}

fn eight_highest(e: Eight) -> vec4<f32> {
  return math_larger4(
    math_larger4(math_larger4(e.q0, e.q1), math_larger4(e.q2, e.q3)),
    math_larger4(math_larger4(e.q4, e.q5), math_larger4(e.q6, e.q7)));
}

fn eight_terms(e: Eight, s: Scale) -> Terms {
  let none = Terms(0.0, 0.0);
  var x = row_term(row_term(none, e.q0.x, s), e.q1.x, s);
  x = row_term(row_term(x, e.q2.x, s), e.q3.x, s);
  x = row_term(row_term(x, e.q4.x, s), e.q5.x, s);
  x = row_term(row_term(x, e.q6.x, s), e.q7.x, s);
  var y = row_term(row_term(none, e.q0.y, s), e.q1.y, s);
  y = row_term(row_term(y, e.q2.y, s), e.q3.y, s);
  y = row_term(row_term(y, e.q4.y, s), e.q5.y, s);
  y = row_term(row_term(y, e.q6.y, s), e.q7.y, s);
  var z = row_term(row_term(none, e.q0.z, s), e.q1.z, s);
  z = row_term(row_term(z, e.q2.z, s), e.q3.z, s);
  z = row_term(row_term(z, e.q4.z, s), e.q5.z, s);
  z = row_term(row_term(z, e.q6.z, s), e.q7.z, s);
  var w = row_term(row_term(none, e.q0.w, s), e.q1.w, s);
  w = row_term(row_term(w, e.q2.w, s), e.q3.w, s);
  w = row_term(row_term(w, e.q4.w, s), e.q5.w, s);
  w = row_term(row_term(w, e.q6.w, s), e.q7.w, s);
  return Terms((x.sum + y.sum) + (z.sum + w.sum), ((x.slope + y.slope) + (z.slope + w.slope)) * MATH_LN2);
}

// Eight quads of each lane: the peak first, then the terms.
const CHUNK = 32u * LANES;

fn row_chunk(r: ptr<function, Row>, home: ptr<function, Home>, word: u32, at: u32, column: u32) {
  let e = eight_load(r, word, at, column);
  let highest = row_max_horizontal(eight_highest(e));
  let found = highest > (*r).peak || !(*home).found;
  var s = row_scale(r);
  s.peak = math_larger(highest, s.peak);
  let terms = eight_terms(e, s);
  // The former home joins the sum before it rises, or this chunk, which does not make it rise.
  row_add(r, select(terms.sum, (*home).sum, found), select(terms.slope, (*home).slope, found));
  row_raise(r, s.peak);
  (*home).sum = select((*home).sum, terms.sum, found);
  (*home).slope = select((*home).slope, terms.slope, found);
  (*home).word = select((*home).word, word, found);
  (*home).found = true;
}

// One quad below the peak or at it, ties told from the rest. A tie gives exactly 1.
fn row_fold(r: ptr<function, Row>, v: vec4<f32>) {
  let s = row_scale(r);
  let u = vec4<f32>(row_exponent(v.x, s), row_exponent(v.y, s), row_exponent(v.z, s), row_exponent(v.w, s));
  let e = math_exp2_sum4(u, s.zero);
  let tie = select(vec4<f32>(0.0), vec4<f32>(1.0), e == vec4<f32>(1.0));
  (*r).ties += row_add_horizontal(tie);
  row_add(r, row_add_horizontal(e - tie), row_add_horizontal(e * u) * MATH_LN2);
}

// One of the last quads of a lane, of which `left` values belong to the row; -inf stands in for the others.
fn row_quad(r: ptr<function, Row>, at: u32, column: u32, left: u32) {
  let inside = vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(left);
  let bits = select(vec4<u32>(0xff800000u), row_load(at), inside);
  if STRICT && row_odd(bitcast<vec4<i32>>(bits), bits) { (*r).flags |= ROW_ODD; }
  let v = bitcast<vec4<f32>>(bits);
  if EXTRA { extra_visit(r, v, row_finite(v), left, at, column); }
  row_raise(r, math_larger(row_max_horizontal(v), (*r).peak));
  row_fold(r, v);
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
  let tie = select(vec4<f32>(0.0), vec4<f32>(1.0), e == vec4<f32>(1.0));
  (*r).ties += row_add_horizontal(tie);
  row_add(r, row_add_horizontal(e - tie), row_add_horizontal(e * u) * MATH_LN2);
}

// The quick walk over the place's segment, and whether it can be believed.
fn row_sweep_quickly(r: ptr<function, Row>, place: RowItem) -> bool {
  var home = Home(false, 0.0, 0.0, 0u);
  let chunks = place.count / CHUNK;
  let start = row_word(place.at);
  for (var i = 0u; i < chunks; i++) {
    let k = i * CHUNK + 4u * place.lane;
    row_chunk(r, &home, start + ROW_QUAD * (8u * LANES * i + place.lane), place.at + k, place.column + k);
  }
  for (var i = select(8u, 0u, home.found); i < 8u; i++) {
    row_fold(r, bitcast<vec4<f32>>(row_load_word(home.word + ROW_QUAD * LANES * i)));
  }
  for (var k = chunks * CHUNK + 4u * place.lane; k < place.count; k += 4u * LANES) {
    row_quad(r, place.at + k, place.column + k, place.count - k);
  }
  return ((*r).flags & ROW_ODD) == 0u && (*r).rest <= 3.0e38;
}

// One lane's walk over the place's segment.
fn row_sweep(place: RowItem) -> Row {
  var r = row_empty();
  var done = false;
  if QUICK {
    r.flags = select(0u, ROW_KEPT, place.count > 0u);
    done = row_sweep_quickly(&r, place);
    if !done { r = row_empty(); }
  }
  for (var k = select(4u * place.lane, place.count, done); k < place.count; k += 4u * LANES) {
    row_careful(&r, place.at + k, place.column + k, place.count - k);
  }
  return r;
}
