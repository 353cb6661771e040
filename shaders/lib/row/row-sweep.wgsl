// One lane's walk over its share of a row; lanes take turns quad by quad.
//
// The QUICK walk takes eight quads at a time and trusts every logit to be finite or -inf. A NaN or +inf makes
// it end in a NaN sum (or, STRICT, is seen in the bits, for GPUs whose compilers assume NaN away); then, and
// under a mask, the careful walk tells every case apart.
//
// Exponents are measured from a reference, a logit near the peak so far: only where a logit lies more than WALK_ROOM above it
// does that become the reference, and what was summed is multiplied down. So most chunks change nothing but their sum, and an
// early term that was multiplied often is small. The quick walk does not look for the peak among its terms: it keeps the sum of the chunk
// where the peak was found apart. At the end the peak's own term is taken from that sum, or, where little would be left, the chunk is
// walked once more without it.
//
// NATIVE machines have an exp2 that is accurate enough (src/rows/row-arithmetic.ts). FUSED ones round a fused product and sum once, so that
// x * rate - offset is one operation whose error is that of the difference.
//
// Software GPUs execute both sides of a branch and at least one trip of a loop, masked: so what is rare stands
// in loops outside the hot one, and rows too short for a chunk have no QUICK walk at all. For the same kind of
// reason exponentials are taken one component at a time: fewer values are alive at once.

const WALK_ROOM = 4.0; // in powers of two
const WALK_OFFSET_MOST = 1e38;
const WALK_NOWHERE = 0xffffffffu;

struct Terms {
  sum: f32,
  slope: f32,
}

struct Walk {
  reference: f32,
  offset: f32,   // the reference times rate
  limit: f32,    // a larger logit becomes the reference
  peak: f32,
  sum: f32,      // of all terms but the home's, with Kahan's compensation
  sum_lost: f32,
  slope: f32,
  slope_lost: f32,
  // The home: the quads where the peak was found, the sums of their terms, and how far into the segment they start.
  home: Terms,
  home_into: u32,
  odd: bool,
  // params' values, read once, because software GPUs read a uniform at every use.
  rate: f32,   // log2(e) / temperature
  room: f32,   // WALK_ROOM as a difference of logits
  lowest: f32, // differences of logits below this count as this
  zero: u32,
}

fn walk_begin() -> Walk {
  let rate = params.rate * MATH_LOG2E;
  let nothing = bitcast<f32>(0xff800000u ^ params.zero);
  return Walk(
    ROW_LOWEST, -3.0e38, nothing, nothing, 0.0, 0.0, 0.0, 0.0, Terms(0.0, 0.0), WALK_NOWHERE, false,
    rate, WALK_ROOM / rate, params.floor, params.zero);
}

// log2 of the term of one logit. Where exp2 is ours, terms below exp(-86) count as exp(-86).
fn walk_exponent(x: f32, w: ptr<function, Walk>) -> f32 {
  if FUSED { return fma(x, (*w).rate, -(*w).offset); }
  let d = x - (*w).reference;
  if NATIVE { return d * (*w).rate; }
  return select(d, (*w).lowest, d < (*w).lowest) * (*w).rate;
}

fn walk_term(total: Terms, x: f32, w: ptr<function, Walk>) -> Terms {
  let u = walk_exponent(x, w);
  let e = row_exp2(u, (*w).zero);
  if ENTROPY { return Terms(total.sum + e, total.slope + row_tilt(e, u)); }
  return Terms(total.sum + e, 0.0);
}

// Adds to the sums of all but the home.
fn walk_add(w: ptr<function, Walk>, terms: Terms) {
  let y = terms.sum - (*w).sum_lost;
  let t = (*w).sum + y;
  (*w).sum_lost = (math_opaque(t, (*w).zero) - (*w).sum) - y;
  (*w).sum = t;
  if ENTROPY {
    let z = terms.slope - (*w).slope_lost;
    let v = (*w).slope + z;
    (*w).slope_lost = (math_opaque(v, (*w).zero) - (*w).slope) - z;
    (*w).slope = v;
  }
}

fn terms_moved(a: Terms, by: f32, factor: f32) -> Terms {
  return Terms(a.sum * factor, (a.slope + by * a.sum) * factor);
}

// Makes room for terms of logits up to `highest`.
fn walk_refer(w: ptr<function, Walk>, highest: f32) {
  if !(highest > (*w).limit) { return; }
  let offset = highest * (*w).rate;
  var by = ((*w).reference - highest) * (*w).rate;
  if FUSED { by = (*w).offset - offset; }
  // What lies so far below is nothing, as everything is below a first reference.
  if ENTROPY | !NATIVE { by = math_larger(by, -125.0); }
  let factor = row_exp2(by, (*w).zero);
  let moved = terms_moved(Terms((*w).sum, (*w).slope), by, factor);
  (*w).sum = moved.sum;
  (*w).slope = moved.slope;
  (*w).sum_lost *= factor;
  (*w).slope_lost *= factor;
  (*w).home = terms_moved((*w).home, by, factor);
  (*w).reference = highest;
  (*w).offset = offset;
  (*w).limit = highest + (*w).room;
}

// Takes in quads that start `into` the segment, whose largest logit and sums of terms are given.
fn walk_take(w: ptr<function, Walk>, highest: f32, terms: Terms, into: u32) {
  let found = highest > (*w).peak;
  let home = (*w).home;
  // The former home joins the sums, or these quads, which do not have the peak.
  walk_add(w, Terms(select(terms.sum, home.sum, found), select(terms.slope, home.slope, found)));
  (*w).home.sum = select(home.sum, terms.sum, found);
  (*w).home.slope = select(home.slope, terms.slope, found);
  (*w).home_into = select((*w).home_into, into, found);
  (*w).peak = select((*w).peak, highest, found);
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
fn eight_load(r: ptr<function, Row>, w: ptr<function, Walk>, word: u32, at: u32, column: u32) -> Eight {
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
    (*w).odd |= row_odd(positive, negative);
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
  return row_larger4(
    row_larger4(row_larger4(e.q0, e.q1), row_larger4(e.q2, e.q3)),
    row_larger4(row_larger4(e.q4, e.q5), row_larger4(e.q6, e.q7)));
}

fn eight_terms(e: Eight, w: ptr<function, Walk>) -> Terms {
  let none = Terms(0.0, 0.0);
  var x = walk_term(walk_term(none, e.q0.x, w), e.q1.x, w);
  x = walk_term(walk_term(x, e.q2.x, w), e.q3.x, w);
  x = walk_term(walk_term(x, e.q4.x, w), e.q5.x, w);
  x = walk_term(walk_term(x, e.q6.x, w), e.q7.x, w);
  var y = walk_term(walk_term(none, e.q0.y, w), e.q1.y, w);
  y = walk_term(walk_term(y, e.q2.y, w), e.q3.y, w);
  y = walk_term(walk_term(y, e.q4.y, w), e.q5.y, w);
  y = walk_term(walk_term(y, e.q6.y, w), e.q7.y, w);
  var z = walk_term(walk_term(none, e.q0.z, w), e.q1.z, w);
  z = walk_term(walk_term(z, e.q2.z, w), e.q3.z, w);
  z = walk_term(walk_term(z, e.q4.z, w), e.q5.z, w);
  z = walk_term(walk_term(z, e.q6.z, w), e.q7.z, w);
  var v = walk_term(walk_term(none, e.q0.w, w), e.q1.w, w);
  v = walk_term(walk_term(v, e.q2.w, w), e.q3.w, w);
  v = walk_term(walk_term(v, e.q4.w, w), e.q5.w, w);
  v = walk_term(walk_term(v, e.q6.w, w), e.q7.w, w);
  return Terms((x.sum + y.sum) + (z.sum + v.sum), (x.slope + y.slope) + (z.slope + v.slope));
}

// Eight quads of each lane.
const CHUNK = 32u * LANES;

fn row_chunk(r: ptr<function, Row>, w: ptr<function, Walk>, word: u32, into: u32, place: RowItem) {
  let e = eight_load(r, w, word, place.at + into, place.column + into);
  let highest = row_larger_horizontal(eight_highest(e));
  walk_refer(w, highest);
  walk_take(w, highest, eight_terms(e, w), into);
}

// One of the last quads of a lane. Values that do not belong to the row count as -inf.
fn row_quad(r: ptr<function, Row>, w: ptr<function, Walk>, word: u32, into: u32, place: RowItem) {
  let left = place.count - into;
  let inside = vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(left);
  let bits = select(vec4<u32>(0xff800000u), row_load_word(word), inside);
  if STRICT { (*w).odd |= row_odd(bitcast<vec4<i32>>(bits), bits); }
  let v = bitcast<vec4<f32>>(bits);
  if EXTRA { extra_visit(r, v, row_finite(v), left, place.at + into, place.column + into); }
  let highest = row_larger_horizontal(v);
  walk_refer(w, highest);
  let none = Terms(0.0, 0.0);
  let x = walk_term(walk_term(none, v.x, w), v.y, w);
  let z = walk_term(walk_term(none, v.z, w), v.w, w);
  walk_take(w, highest, Terms(x.sum + z.sum, x.slope + z.slope), into);
}

// One quad of the home: what is equal to the peak is counted, the rest summed, with logarithms measured from the peak's.
fn row_home(r: ptr<function, Row>, w: ptr<function, Walk>, top: f32, word: u32, left: u32) -> Terms {
  let inside = vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(left);
  let v = bitcast<vec4<f32>>(select(vec4<u32>(0xff800000u), row_load_word(word), inside));
  let u = vec4<f32>(walk_exponent(v.x, w), walk_exponent(v.y, w), walk_exponent(v.z, w), walk_exponent(v.w, w));
  let tie = v == vec4<f32>((*w).peak);
  let all = vec4<f32>(
    row_exp2(u.x, (*w).zero), row_exp2(u.y, (*w).zero), row_exp2(u.z, (*w).zero), row_exp2(u.w, (*w).zero));
  let e = select(all, vec4<f32>(0.0), tie);
  (*r).ties += row_add_horizontal(select(vec4<f32>(0.0), vec4<f32>(1.0), tie));
  if !ENTROPY { return Terms(row_add_horizontal(e), 0.0); }
  return Terms(row_add_horizontal(e), (row_tilt(e.x, u.x - top) + row_tilt(e.y, u.y - top)) + (row_tilt(e.z, u.z - top) + row_tilt(e.w, u.w - top)));
}

// What the walk amounts to, measured from the peak.
fn walk_end(r: ptr<function, Row>, w: ptr<function, Walk>, place: RowItem) {
  let found = (*w).home_into != WALK_NOWHERE;
  let top = select(0.0, walk_exponent((*w).peak, w), found); // of the peak's own term
  let one = row_exp2(top, (*w).zero);
  let plenty = (*w).home.sum >= 1.5 * one;
  var home = Terms(select(0.0, (*w).home.sum - one, found), (*w).home.slope - top * (*w).home.sum);
  (*r).ties = select(0.0, 1.0, found & plenty);
  // A chunk, or one of the last quads.
  let quads = select(1u, 8u, (*w).home_into < place.count - place.count % CHUNK);
  let again = select(0u, quads, found & !plenty);
  if again > 0u { home = Terms(0.0, 0.0); }
  for (var i = 0u; i < again; i++) {
    let into = (*w).home_into + 4u * LANES * i;
    let more = row_home(r, w, top, row_word(place.at + into), place.count - into);
    home.sum += more.sum;
    home.slope += more.slope;
  }
  let factor = 1.0 / one;
  (*r).peak = select(ROW_LOWEST, (*w).peak, found);
  (*r).rest = (((*w).sum - (*w).sum_lost) + home.sum) * factor;
  if ENTROPY {
    let sum = (*w).sum - (*w).sum_lost;
    (*r).slope = ((((*w).slope - (*w).slope_lost) - top * sum) + home.slope) * (factor * MATH_LN2);
  }
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
  row_raise(r, math_larger(row_larger_horizontal(v), (*r).peak));
  let quarters = math_larger4(v * 0.25 - (*r).peak * 0.25, vec4<f32>(params.floor * 0.25));
  let u = quarters * (params.rate * (4.0 * MATH_LOG2E));
  let e = select(vec4<f32>(0.0), math_exp2_sum4(u, params.zero), finite);
  let tie = select(vec4<f32>(0.0), vec4<f32>(1.0), e == vec4<f32>(1.0));
  (*r).ties += row_add_horizontal(tie);
  row_add(r, row_add_horizontal(e - tie), row_add_horizontal(e * u) * MATH_LN2);
}

// The quick walk over the place's segment, and whether it can be believed.
fn row_sweep_quickly(r: ptr<function, Row>, place: RowItem) -> bool {
  var w = walk_begin();
  let chunks = place.count / CHUNK;
  let start = row_word(place.at) + ROW_QUAD * place.lane;
  for (var i = 0u; i < chunks; i++) {
    row_chunk(r, &w, start + ROW_QUAD * 8u * LANES * i, i * CHUNK + 4u * place.lane, place);
  }
  var word = start + ROW_QUAD * 8u * LANES * chunks;
  for (var into = chunks * CHUNK + 4u * place.lane; into < place.count; into += 4u * LANES) {
    row_quad(r, &w, word, into, place);
    word += ROW_QUAD * LANES;
  }
  walk_end(r, &w, place);
  // The lowest f32 and -inf are told apart by their bits.
  let sound = (bitcast<u32>(w.peak) == 0xff800000u) | (w.peak > ROW_LOWEST);
  let near = !FUSED | (abs(w.offset) <= WALK_OFFSET_MOST) | (w.home_into == WALK_NOWHERE);
  return sound & near & !w.odd & ((*r).rest <= 3.0e38);
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
