// Gradient of the cross-entropy of rows of few classes with class ids, with respect to the logits:
//   y[r, c] = ((push + pull) p[c] - push [c is the target]) / temperature,  push = w[target] a, pull = 2 zloss lse b
// where a = 1 / sum of weights and b = 1 / rows for the mean, else 1. The target's own p - 1 is formed as minus the sum
// of the others over the sum of all.
//
// An invocation takes rows whole, GROUP at a time; each logit is read once and each gradient written once.
//
// include: lib/math.wgsl, lib/row/row-params.wgsl, lib/row/row.wgsl, lib/row/extra-linear.wgsl, lib/loss.wgsl, lib/halves.wgsl, lib/row/load-*.wgsl, lib/row/store-*.wgsl,
// lib/place.wgsl, lib/in-registers.wgsl, lib/in-registers-target.wgsl

@group(0) @binding(0) var<storage, read> x: array<Words>;
@group(0) @binding(1) var<storage, read> mask: array<u32>;
@group(0) @binding(2) var<storage, read> targets: array<u32>;
@group(0) @binding(3) var<storage, read> weight: array<f32>;
@group(0) @binding(4) var<storage, read> sums: array<vec4<u32>>;
@group(0) @binding(5) var<storage, read_write> y: array<Results>;
@group(0) @binding(6) var<uniform> params: Params;

struct Tally {
  odd: bool,
  a: f32,
  b: f32,
}

@compute @workgroup_size(WG)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let thread = (group.x + group.y * groups.x) * WG + local;
  if thread >= params.threads { return; }
  var tally = Tally(false, 1.0, 1.0);
  if MEAN { tally = Tally(false, 1.0 / bitcast<f32>(sums[0].y), 1.0 / f32(sums[0].w >> 3u)); }
  registers_walk(thread, &tally);
}

fn registers_row(row: u32, v: Cells, own: Own, tally: ptr<function, Tally>) -> Cells {
  let s = cells_shares(v, own);
  (*tally).odd |= registers_odd(v, s.peak, s.sum);
  let aim = registers_aim(row, own);
  let counts = !(aim.ignored | aim.wrong);
  let push = select(0.0, registers_weight(aim, own) * (*tally).a * own.rate, counts);
  var pull = 0.0;
  if ZLOSS {
    let lse = s.peak * own.rate + math_log(s.sum, own.zero);
    pull = select(0.0, 2.0 * params.zloss * (*tally).b * own.rate * lse, counts);
  }
  // A target that has no share of the row has no place in it either.
  return cells_gradient(s, select(COLUMNS, aim.id - own.begin, aim.possible), push, pull);
}

fn registers_mend(row: u32, r: Row, own: Own, tally: ptr<function, Tally>) {
  let aim = registers_aim(row, own);
  let counts = !(aim.ignored | aim.wrong);
  let at = registers_at(row, own);
  for (var c = 0u; c < COLUMNS; c++) {
    let kept = counts & (row_load_one(at + c) != 0xff800000u);
    row_store_one(own.start + row * COLUMNS + c, select(0u, ROW_NAN_BITS, kept));
  }
}
