// Gradient of the cross-entropy with respect to the logits (lib/loss.wgsl has the loss):
//   y[r, c] = (g p[c] - w[c] t'[c] a + 2 zloss lse p[c] b) / temperature,  g = a * sum of w t',
// where a = 1 / sum of weights and b = 1 / rows for the mean, else 1. The target's own p - 1 is formed as
// -rest / S when it is the row's peak, because p is then near 1.
//
// An item is a segment of a row whose segments' states an earlier dispatch wrote to `parts`: each logit is
// read once here, and each gradient written once.
//
// include: lib/math.wgsl, lib/row/row-params.wgsl, lib/row/row.wgsl, lib/row/row-sweep.wgsl, lib/row/row-probability.wgsl,
// lib/row/extra-linear.wgsl, lib/loss.wgsl, lib/halves.wgsl, lib/row/load-*.wgsl, lib/row/store-*.wgsl, lib/place.wgsl,
// lib/row/lanes-*.wgsl, lib/row/state-parts.wgsl

@group(0) @binding(0) var<storage, read> x: array<Words>;
@group(0) @binding(1) var<storage, read> mask: array<u32>;
@group(0) @binding(2) var<storage, read> targets: array<u32>;
@group(0) @binding(3) var<storage, read> weight: array<f32>;
@group(0) @binding(4) var<storage, read> parts: array<State>;
@group(0) @binding(5) var<storage, read> sums: array<vec4<u32>>;
@group(0) @binding(6) var<storage, read_write> y: array<Results>;
@group(0) @binding(7) var<uniform> params: Params;

@compute @workgroup_size(WG)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let place = place_find(group, groups, local);
  extra_begin(place);
  let r = row_settled(state_find(place, local));
  if !place.live { return; }
  var aim = Aim(0u, false, false, true, 0.0);
  if !SOFT { aim = loss_aim(place); }
  let counts = (SOFT || !(aim.ignored || aim.wrong)) && (r.flags & ROW_KEPT) != 0u;
  let sound = row_status(r) == ROW_SOUND;
  var a = 1.0;
  var b = 1.0;
  if MEAN {
    a = 1.0 / bitcast<f32>(sums[0].y);
    b = 1.0 / f32(sums[0].w >> 3u);
  }
  // Each class gets pull * p - push * (its share of the target); `even` is every valid class's share.
  let hard = 1.0 - params.smoothing;
  let even = params.smoothing / f32(max(r.extra.valid, 1u)) * a;
  var push = hard * a;
  var pull = even * r.extra.mass;
  if SOFT { pull += push * r.extra.hit; }
  if !SOFT { push *= loss_class_weight(min(aim.id, params.classes - 1u)); }
  if params.zloss > 0.0 { pull += 2.0 * params.zloss * b * bitcast<f32>(row_log_sum_exp_bits(r)); }
  let share = row_share(r);
  let to = params.start + place.row * params.columns + place.skip;
  let slope = Slope(counts, sound, push, pull, even);
  var head = 0u;
  if ROW_HEADS {
    head = to & 1u;
    if place.lane < head { row_store_one(to, gradient_quad(place, 0u, r, aim, share, slope).x); }
  }
  for (var k = head + 4u * place.lane; k < place.count; k += 4u * LANES) {
    row_store(to + k, gradient_quad(place, k, r, aim, share, slope), place.count - k);
  }
}

// What a row's gradient is made of.
struct Slope {
  counts: bool,
  sound: bool,
  push: f32,
  pull: f32,
  even: f32,
}

// Of any four logits, the k-th first.
fn gradient_quad(place: RowItem, k: u32, r: Row, aim: Aim, share: Share, slope: Slope) -> vec4<u32> {
  let bits = row_load(place.at + k);
  var keep = vec4<bool>(true);
  if MASKED { keep = row_mask(place.column + k); }
  keep = keep & (bits != vec4<u32>(0xff800000u));
  var out = vec4<u32>(0u);
  if slope.counts && !slope.sound { out = select(out, vec4<u32>(ROW_NAN_BITS), keep); }
  if slope.counts && slope.sound {
    let p = row_probability4(bitcast<vec4<f32>>(bits), share);
    var g = slope.pull * p;
    if SMOOTH { g -= slope.even * extra_weight(place.column + k); }
    if SOFT { g -= slope.push * extra_weight(place.column + k) * extra_target(place.at + k); }
    if !SOFT { g += slope.push * target_term(r, p, aim, place.column + k); }
    out = select(out, bitcast<vec4<u32>>(g * params.rate), keep);
  }
  return out;
}

// p, and p - 1 at the target.
fn target_term(r: Row, p: vec4<f32>, aim: Aim, column: u32) -> vec4<f32> {
  let ids = vec4<u32>(column) + vec4<u32>(0u, 1u, 2u, 3u);
  let only = r.ties == 1.0 && aim.logit == r.peak;
  let less = select(p - 1.0, vec4<f32>(-r.rest / (r.ties + r.rest)), vec4<bool>(only));
  return select(p, less, ids == vec4<u32>(aim.id));
}
