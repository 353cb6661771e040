// The two largest logits, where the first of them is, and how many classes come before the target.

const EXTRA = true;

var<private> extra_goal: f32;   // the target's logit
var<private> extra_target: u32; // the target's class id

struct Extra {
  first: f32,
  second: f32,
  argmax: u32,
  valid: u32, // classes with a finite logit
  ahead: u32, // classes with a larger logit than the target's, or an equal one and a smaller id
}

fn extra_empty() -> Extra { return Extra(ROW_LOWEST, ROW_LOWEST, 0xffffffffu, 0u, 0u); }

fn extra_begin(place: RowItem) {
  extra_goal = ROW_LOWEST;
  extra_target = 0u;
  if !TARGETED { return; }
  let id = targets[params.first + place.row];
  if id < params.begin || id >= params.begin + params.columns { return; }
  let bits = row_load_one(place.at - place.skip + id - params.begin);
  if (bits & ROW_MAGNITUDE) < ROW_INFINITY_BITS {
    extra_goal = bitcast<f32>(bits);
    extra_target = id;
  }
}

fn extra_count(flags: vec4<bool>) -> u32 {
  return dot(select(vec4<u32>(0u), vec4<u32>(1u), flags), vec4<u32>(1u));
}

fn extra_visit(r: ptr<function, Row>, v: vec4<f32>, finite: vec4<bool>, left: u32, at: u32, column: u32) {
  if !any(finite) { return; }
  let ids = vec4<u32>(column) + vec4<u32>(0u, 1u, 2u, 3u);
  let ahead = (v > vec4<f32>(extra_goal)) | ((v == vec4<f32>(extra_goal)) & (ids < vec4<u32>(extra_target)));
  (*r).extra.ahead += extra_count(finite & ahead);
  (*r).extra.valid += extra_count(finite);
  // Where a logit is not finite v holds the lowest f32, which changes nothing below.
  let highest = row_larger_horizontal(v);
  let low = max(min(v.x, v.y), min(v.z, v.w));
  let second = max(min(max(v.x, v.y), max(v.z, v.w)), low);
  if highest > (*r).extra.first || (*r).extra.argmax == 0xffffffffu {
    (*r).extra.second = max((*r).extra.first, second);
    (*r).extra.first = highest;
    let here = finite & (v == vec4<f32>(highest));
    (*r).extra.argmax = select(select(select(ids.w, ids.z, here.z), ids.y, here.y), ids.x, here.x);
  } else {
    (*r).extra.second = max((*r).extra.second, highest);
  }
}

fn extra_merge(a: ptr<function, Row>, b: Row) {
  (*a).extra.ahead += b.extra.ahead;
  (*a).extra.valid += b.extra.valid;
  if b.extra.argmax == 0xffffffffu { return; }
  let larger = max((*a).extra.first, b.extra.first);
  let smaller = min((*a).extra.first, b.extra.first);
  let wins = b.extra.first > (*a).extra.first || (b.extra.first == (*a).extra.first && b.extra.argmax < (*a).extra.argmax);
  if (*a).extra.argmax == 0xffffffffu || wins { (*a).extra.argmax = b.extra.argmax; }
  (*a).extra.second = max(max((*a).extra.second, b.extra.second), smaller);
  (*a).extra.first = larger;
}
