// Sums that are linear in the logits, for label smoothing (SMOOTH) and for soft targets t (SOFT):
//   spread = sum of w * g, mass = sum of w, valid = how many classes        (SMOOTH)
//   aim = sum of w * t * g, hit = sum of w * t                              (SOFT)
// over classes with a finite logit, where g = (x - anchor) / temperature and w is the class weight. The
// anchor is the row's first logit, so that adding a constant to a row changes nothing.

const EXTRA = SMOOTH || SOFT;
const EXTRA_IMPOSSIBLE = 1u; // t > 0 where the probability is 0

var<private> extra_anchor: f32;

struct Extra {
  spread: f32,
  spread_lost: f32,
  mass: f32,
  mass_lost: f32,
  aim: f32,
  aim_lost: f32,
  hit: f32,
  hit_lost: f32,
  valid: u32,
  marks: u32,
}

fn extra_empty() -> Extra { return Extra(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0u, 0u); }

fn extra_begin(place: RowItem) {
  let bits = row_load(place.at - place.skip).x;
  extra_anchor = bitcast<f32>(select(0u, bits, (bits & ROW_MAGNITUDE) < ROW_CALM_BITS));
}

// total + value, with Kahan's compensation; (total, lost) in and out.
fn extra_sum(total: f32, lost: f32, value: f32) -> vec2<f32> {
  let y = value - lost;
  let t = total + y;
  return vec2<f32>(t, (math_opaque(t, params.zero) - total) - y);
}

fn extra_add(r: ptr<function, Row>, spread: f32, mass: f32, aim: f32, hit: f32) {
  if SMOOTH {
    let s = extra_sum((*r).extra.spread, (*r).extra.spread_lost, spread);
    let m = extra_sum((*r).extra.mass, (*r).extra.mass_lost, mass);
    (*r).extra.spread = s.x;
    (*r).extra.spread_lost = s.y;
    (*r).extra.mass = m.x;
    (*r).extra.mass_lost = m.y;
  }
  if SOFT {
    let a = extra_sum((*r).extra.aim, (*r).extra.aim_lost, aim);
    let h = extra_sum((*r).extra.hit, (*r).extra.hit_lost, hit);
    (*r).extra.aim = a.x;
    (*r).extra.aim_lost = a.y;
    (*r).extra.hit = h.x;
    (*r).extra.hit_lost = h.y;
  }
}

fn extra_weight(column: u32) -> vec4<f32> {
  if !WEIGHTED { return vec4<f32>(1.0); }
  return vec4<f32>(weight[column], weight[column + 1u], weight[column + 2u], weight[column + 3u]);
}

fn extra_target(at: u32) -> vec4<f32> {
  return bitcast<vec4<f32>>(vec4<u32>(targets[at], targets[at + 1u], targets[at + 2u], targets[at + 3u]));
}

fn extra_visit(r: ptr<function, Row>, v: vec4<f32>, finite: vec4<bool>, left: u32, at: u32, column: u32) {
  if !EXTRA { return; }
  let none = vec4<f32>(0.0);
  let w = select(none, extra_weight(column), finite);
  // Beyond these bounds g saturates instead of overflowing.
  let most = vec4<f32>(3.0e38 * min(1.0, 1.0 / params.rate));
  let near = clamp(v, vec4<f32>(-1.7e38), vec4<f32>(1.7e38)) - extra_anchor;
  let g = select(none, clamp(near, -most, most) * params.rate, finite);
  var wt = none;
  if SOFT {
    let inside = vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(left);
    let given = extra_target(at);
    let bits = bitcast<vec4<u32>>(given) & vec4<u32>(ROW_MAGNITUDE);
    if any(inside & (bits >= vec4<u32>(ROW_INFINITY_BITS))) { (*r).flags |= ROW_NAN; }
    let sound = bits < vec4<u32>(ROW_INFINITY_BITS);
    let t = select(none, given, sound & inside);
    if any(inside & !finite & (t > none)) { (*r).extra.marks |= EXTRA_IMPOSSIBLE; }
    wt = w * t;
  }
  (*r).extra.valid += dot(select(vec4<u32>(0u), vec4<u32>(1u), finite), vec4<u32>(1u));
  extra_add(r, row_add_horizontal(w * g), row_add_horizontal(w), row_add_horizontal(wt * g), row_add_horizontal(wt));
}

fn extra_merge(a: ptr<function, Row>, b: Row) {
  extra_add(a, b.extra.spread, b.extra.mass, b.extra.aim, b.extra.hit);
  (*a).extra.valid += b.extra.valid;
  (*a).extra.marks |= b.extra.marks;
}
