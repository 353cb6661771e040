// A row's cross-entropy from its finished state: H(t, q) = -sum of w t' log q, where t' is the target
// smoothed over the classes with a finite logit, t' = (1 - smoothing) t + smoothing / valid; and the z-loss
// zloss * (log-sum-exp)^2. Semantics of PyTorch's cross_entropy, but that a mask's or a window's hidden
// classes, and -inf logits, take no share of the smoothing.

const LOSS_NAN = 1u;
const LOSS_INFINITE = 2u;
const LOSS_COUNTED = 8u; // in the records, the rows counted stand in the bits from here up

struct Loss {
  value: f32,  // without the z-loss; 0 where marks say NaN or infinite
  weight: f32, // what the mean divides by
  z: f32,
  marks: u32,
}

// What the target of a row is.
struct Aim {
  id: u32,
  ignored: bool,
  wrong: bool,    // not a class at all
  possible: bool, // in the window, kept by the mask, with a logit above -inf
  logit: f32,
}

fn loss_aim(place: RowItem) -> Aim {
  let id = targets[params.first + place.row];
  if bitcast<i32>(id) == params.ignore { return Aim(id, true, false, false, 0.0); }
  if id >= params.classes { return Aim(id, false, true, false, 0.0); }
  if id < params.begin || id >= params.begin + params.columns { return Aim(id, false, false, false, 0.0); }
  let bits = row_load_one(place.at - place.skip + id - params.begin);
  var possible = bits != 0xff800000u;
  if MASKED { possible = possible && row_mask(id).x; }
  return Aim(id, false, false, possible, bitcast<f32>(select(0u, bits, (bits & ROW_MAGNITUDE) < ROW_INFINITY_BITS)));
}

fn loss_class_weight(id: u32) -> f32 {
  if !WEIGHTED { return 1.0; }
  return weight[id];
}

// log-sum-exp minus the anchor's share: what a class of logit `anchor` would lose.
fn loss_level(r: Row) -> f32 {
  let peak = clamp(r.peak, -1.7e38, 1.7e38) - extra_anchor;
  let most = 3.0e38 * min(1.0, 1.0 / params.rate);
  return clamp(peak, -most, most) * params.rate + row_log_sum(r);
}

fn loss_of(r: Row, aim: Aim) -> Loss {
  let nothing = Loss(0.0, 0.0, 0.0, 0u);
  if !SOFT && (aim.ignored || aim.wrong) {
    return Loss(0.0, 0.0, 0.0, select(0u, LOSS_NAN, aim.wrong));
  }
  if (r.flags & ROW_KEPT) == 0u { return nothing; }
  var w = 1.0;
  if !SOFT { w = loss_class_weight(aim.id); }
  if row_status(r) != ROW_SOUND { return Loss(0.0, w, 0.0, LOSS_COUNTED | LOSS_NAN); }
  let log_sum = row_log_sum(r);
  let lse = row_log_sum_exp_bits(r);
  var z = 0.0;
  var marks = LOSS_COUNTED;
  if params.zloss > 0.0 {
    if loss_z_overflows(lse) { marks |= LOSS_INFINITE; }
    else { z = math_opaque(params.zloss * bitcast<f32>(lse), params.zero) * bitcast<f32>(lse); }
  }
  var value = 0.0;
  if SOFT {
    if (r.extra.marks & EXTRA_IMPOSSIBLE) != 0u { marks |= LOSS_INFINITE; }
    value = (1.0 - params.smoothing) * (r.extra.hit * loss_level(r) - r.extra.aim);
  } else {
    // -(x_t - peak) / T + log S; in quarters, because the true value may be beyond f32.
    let bits = row_product_bits(r.peak * 0.25 - aim.logit * 0.25, 4.0 * params.rate, log_sum);
    if !aim.possible || bits == ROW_INFINITY_BITS {
      if w != 0.0 { marks |= LOSS_INFINITE; }
    } else {
      value = (1.0 - params.smoothing) * w * bitcast<f32>(bits);
    }
  }
  if SMOOTH {
    value += params.smoothing / f32(max(r.extra.valid, 1u)) * (r.extra.mass * loss_level(r) - r.extra.spread);
  }
  return Loss(select(value, 0.0, (marks & LOSS_INFINITE) != 0u), w, z, marks);
}

// Whether zloss lse^2 leaves f32, which lse^2 does from 2^64 on.
fn loss_z_overflows(lse: u32) -> bool {
  let size = bitcast<f32>(min(lse & ROW_MAGNITUDE, 0x7f7fffffu));
  let most = math_opaque(0x1.fffffep+127f / max(size, 1.0), params.zero) / max(size, 1.0);
  return size > 0x1p63 && (params.zloss > most || (lse & ROW_MAGNITUDE) == ROW_INFINITY_BITS);
}

fn loss_bits(loss: Loss) -> u32 {
  if (loss.marks & LOSS_NAN) != 0u { return ROW_NAN_BITS; }
  if (loss.marks & LOSS_INFINITE) != 0u { return ROW_INFINITY_BITS; }
  return bitcast<u32>(loss.value + loss.z);
}
