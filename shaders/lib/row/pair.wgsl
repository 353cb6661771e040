// Two rows of logits over the same classes, p = softmax(x) and q = softmax(other), folded together for the
// KL divergence: cross = sum of exp(d_p) (d_p - d_q), with d measured from each row's own peak.

const PAIR_IMPOSSIBLE = 1u; // p > 0 where q = 0

struct Pair {
  p: Row,
  q: Row,
  cross: f32,
  cross_lost: f32,
  marks: u32,
}

alias State = Pair;

fn state_empty() -> Pair { return Pair(row_empty(), row_empty(), 0.0, 0.0, 0u); }

fn state_begin(place: RowItem) {}

fn pair_add(s: ptr<function, Pair>, cross: f32) {
  let y = cross - (*s).cross_lost;
  let t = (*s).cross + y;
  (*s).cross_lost = (math_opaque(t, params.zero) - (*s).cross) - y;
  (*s).cross = t;
}

// (a - b) * rate without a floor; saturates where it would overflow.
fn pair_difference(a: f32, b: f32) -> f32 {
  let most = 0.75e38 * min(1.0, 1.0 / params.rate);
  return clamp(a * 0.25 - b * 0.25, -most, most) * (4.0 * params.rate);
}

fn pair_raise(s: ptr<function, Pair>, peak_p: f32, peak_q: f32) {
  let sum = (*s).p.ties + (*s).p.rest;
  let t = row_distance((*s).p.peak, peak_p);
  let q_rise = select(0.0, pair_difference((*s).q.peak, peak_q), (*s).q.ties > 0.0);
  let e = math_exp_expm1(t, params.zero);
  let small = t > -0.5; // as in row_raise
  let cross = (*s).cross;
  let tilt = e.x * (t - q_rise) * sum; // exactly 0 where p and q rise together
  (*s).cross = select(e.x * cross + tilt, cross, small);
  (*s).cross_lost *= select(e.x, 1.0, small);
  pair_add(s, select(0.0, cross * e.y + tilt, small));
  var p = (*s).p;
  row_raise(&p, peak_p);
  (*s).p = p;
  var q = (*s).q;
  row_raise(&q, peak_q);
  (*s).q = q;
}

// Notes in r what the bits are, and gives the kept finite logits, the lowest f32 in place of the others.
fn pair_classify(r: ptr<function, Row>, bits: vec4<u32>, keep: vec4<bool>) -> vec4<f32> {
  let size = bits & vec4<u32>(ROW_MAGNITUDE);
  let finite = keep & (size < vec4<u32>(ROW_INFINITY_BITS));
  if any(keep) { (*r).flags |= ROW_KEPT; }
  if any(keep & (size > vec4<u32>(ROW_INFINITY_BITS))) { (*r).flags |= ROW_NAN; }
  if any(keep & (bits == vec4<u32>(ROW_INFINITY_BITS))) { (*r).flags |= ROW_POSITIVE_INFINITY; }
  return bitcast<vec4<f32>>(select(vec4<u32>(ROW_LOWEST_BITS), bits, finite));
}

fn pair_peak(r: Row, v: vec4<f32>) -> f32 {
  return math_larger(row_larger_horizontal(v), r.peak);
}

fn pair_quad(s: ptr<function, Pair>, x_bits: vec4<u32>, q_bits: vec4<u32>, left: u32, column: u32) {
  var keep = vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(left);
  if MASKED { keep = keep & row_mask(column); }
  var p = (*s).p;
  var q = (*s).q;
  let v = pair_classify(&p, x_bits, keep);
  let w = pair_classify(&q, q_bits, keep);
  (*s).p = p;
  (*s).q = q;
  let infinity = vec4<u32>(ROW_INFINITY_BITS);
  let p_finite = keep & ((x_bits & vec4<u32>(ROW_MAGNITUDE)) < infinity);
  let q_finite = keep & ((q_bits & vec4<u32>(ROW_MAGNITUDE)) < infinity);
  if any(p_finite & (q_bits == vec4<u32>(0xff800000u))) { (*s).marks |= PAIR_IMPOSSIBLE; }
  pair_raise(s, pair_peak(p, v), pair_peak(q, w));
  let none = vec4<f32>(0.0);
  let lowest = vec4<f32>(params.floor * 0.25);
  let a = math_larger4(v * 0.25 - (*s).p.peak * 0.25, lowest) * (params.rate * (4.0 * MATH_LOG2E));
  let b = math_larger4(w * 0.25 - (*s).q.peak * 0.25, lowest) * (params.rate * (4.0 * MATH_LOG2E));
  let e = select(none, math_exp2_sum4(a, params.zero), p_finite);
  let f = select(none, math_exp2_sum4(b, params.zero), q_finite);
  let e_tie = select(none, vec4<f32>(1.0), p_finite & (v == vec4<f32>((*s).p.peak)));
  let f_tie = select(none, vec4<f32>(1.0), q_finite & (w == vec4<f32>((*s).q.peak)));
  let most = vec4<f32>(0.75e38 * min(1.0, 1.0 / params.rate));
  let d = select(none, clamp(v * 0.25 - (*s).p.peak * 0.25, -most, most) * (4.0 * params.rate), p_finite);
  let g = select(none, clamp(w * 0.25 - (*s).q.peak * 0.25, -most, most) * (4.0 * params.rate), q_finite);
  // A class so unlikely that exp was floored adds nothing.
  let term = select(none, e * (d - g), p_finite & q_finite & (d > vec4<f32>(-86.0)));
  pair_add(s, row_add_horizontal(term));
  p = (*s).p;
  q = (*s).q;
  p.ties += row_add_horizontal(e_tie);
  q.ties += row_add_horizontal(f_tie);
  row_add(&p, row_add_horizontal(e - e_tie), 0.0);
  row_add(&q, row_add_horizontal(f - f_tie), 0.0);
  (*s).p = p;
  (*s).q = q;
}

fn state_sweep(place: RowItem) -> Pair {
  var s = state_empty();
  for (var k = 4u * place.lane; k < place.count; k += 4u * LANES) {
    pair_quad(&s, row_load(place.at + k), pair_load(place.at + k), place.count - k, place.column + k);
  }
  return s;
}

fn state_merge(a: ptr<function, Pair>, other: Pair) {
  var b = other;
  (*a).marks |= b.marks;
  let peak_p = math_larger((*a).p.peak, b.p.peak);
  let peak_q = math_larger((*a).q.peak, b.q.peak);
  pair_raise(a, peak_p, peak_q);
  pair_raise(&b, peak_p, peak_q);
  pair_add(a, b.cross);
  var p = (*a).p;
  var q = (*a).q;
  p.flags |= b.p.flags;
  q.flags |= b.q.flags;
  p.ties += b.p.ties;
  q.ties += b.q.ties;
  row_add(&p, b.p.rest, 0.0);
  row_add(&q, b.q.rest, 0.0);
  (*a).p = p;
  (*a).q = q;
}
