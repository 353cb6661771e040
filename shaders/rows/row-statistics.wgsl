// Per row, in one reading of the logits: loss, log-sum-exp, entropy, margin (largest minus second largest
// logit over temperature), probability of the target, argmax, rank of the target (0: the largest) and status
// (lib/row/row.wgsl). Eight planes of y, `plane` words apart. Without
// targets the argmax stands for the target.
//
// LANES lanes a row; each logit is read once (or, split, its segments' states are).
//
// include: lib/math.wgsl, lib/row/row-params.wgsl, lib/row/row.wgsl, lib/row/row-sweep.wgsl, lib/row/extra-ranks.wgsl,
// lib/halves.wgsl, lib/row/load-*.wgsl, lib/place.wgsl, lib/row/lanes-*.wgsl, lib/row/state-*.wgsl

@group(0) @binding(0) var<storage, read> x: array<Words>;
@group(0) @binding(1) var<storage, read> mask: array<u32>;
@group(0) @binding(2) var<storage, read> targets: array<u32>;
@group(0) @binding(3) var<storage, read> parts: array<State>;
@group(0) @binding(4) var<storage, read_write> y: array<u32>;
@group(0) @binding(5) var<storage, read_write> valid: array<atomic<u32>>;
@group(0) @binding(6) var<storage, read_write> fault: array<atomic<u32>>;
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
  if !place.live || place.lane != 0u { return; }
  let row = params.first + place.row;
  let plane = params.start;
  let status = row_status(r);
  let aim = statistics_aim(place, r);
  if aim.wrong { atomicMax(&fault[0], ~row); }
  if !aim.ignored && !aim.wrong && (r.flags & ROW_KEPT) != 0u { atomicAdd(&valid[0], 1u); }
  let loss = statistics_loss(r, aim, status);
  y[row] = loss;
  y[plane + row] = row_log_sum_exp_bits(r);
  y[2u * plane + row] = row_entropy_bits(r);
  y[3u * plane + row] = statistics_margin(r, status);
  y[4u * plane + row] = statistics_probability(loss, aim, r);
  y[5u * plane + row] = select(0xffffffffu, r.extra.argmax, status == ROW_SOUND);
  y[6u * plane + row] = select(0xffffffffu, select(0u, r.extra.ahead, TARGETED), status == ROW_SOUND && aim.possible);
  y[7u * plane + row] = status;
}

struct Aim {
  ignored: bool,
  wrong: bool,
  possible: bool,
}

fn statistics_aim(place: RowItem, r: Row) -> Aim {
  if !TARGETED { return Aim(false, false, row_status(r) == ROW_SOUND); }
  let id = targets[params.first + place.row];
  if bitcast<i32>(id) == params.ignore { return Aim(true, false, false); }
  if id >= params.classes { return Aim(false, true, false); }
  if id < params.begin || id >= params.begin + params.columns { return Aim(false, false, false); }
  var possible = row_load_one(place.at - place.skip + id - params.begin) != 0xff800000u;
  if MASKED { possible = possible && row_mask(id).x; }
  return Aim(false, false, possible);
}

fn statistics_loss(r: Row, aim: Aim, status: u32) -> u32 {
  if aim.wrong { return ROW_NAN_BITS; }
  if aim.ignored || (r.flags & ROW_KEPT) == 0u { return 0u; }
  if status != ROW_SOUND { return ROW_NAN_BITS; }
  if !aim.possible { return ROW_INFINITY_BITS; }
  let logit = select(r.peak, extra_goal, TARGETED);
  return row_product_bits(r.peak * 0.25 - logit * 0.25, 4.0 * params.rate, row_log_sum(r));
}

// exp(-loss); NaN where there is no distribution or no target, 0 for an impossible one.
fn statistics_probability(loss: u32, aim: Aim, r: Row) -> u32 {
  if (r.flags & ROW_KEPT) == 0u { return 0u; }
  if aim.ignored || loss == ROW_NAN_BITS { return ROW_NAN_BITS; }
  let nats = bitcast<f32>(min(loss, 0x43000000u)); // at most 128: the probability is 0 from there on
  return bitcast<u32>(select(0.0, math_exp(max(-nats, -87.3), params.zero), nats < 87.3));
}

fn statistics_margin(r: Row, status: u32) -> u32 {
  if status != ROW_SOUND { return ROW_NAN_BITS; }
  if r.extra.valid < 2u { return ROW_INFINITY_BITS; }
  return row_product_bits(r.extra.first * 0.25 - r.extra.second * 0.25, 4.0 * params.rate, 0.0);
}
