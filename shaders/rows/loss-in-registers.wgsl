// Cross-entropy of rows of few classes with class ids (lib/loss.wgsl has the loss): y[r], or, REDUCED, a record of each
// invocation's sums that the mean or sum over rows is made of: (value, weight, z-loss, marks).
//
// An invocation takes rows whole, GROUP at a time; each logit is read once, and the target's once more.
//
// include: lib/math.wgsl, lib/row/row-params.wgsl, lib/row/row.wgsl, lib/row/extra-linear.wgsl, lib/loss.wgsl, lib/halves.wgsl, lib/row/load-*.wgsl, lib/row/store-*.wgsl,
// lib/place.wgsl, lib/in-registers.wgsl, lib/in-registers-target.wgsl

@group(0) @binding(0) var<storage, read> x: array<Words>;
@group(0) @binding(1) var<storage, read> mask: array<u32>;
@group(0) @binding(2) var<storage, read> targets: array<u32>;
@group(0) @binding(3) var<storage, read> weight: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<Results>;
@group(0) @binding(5) var<storage, read_write> fault: array<atomic<u32>>;
@group(0) @binding(6) var<uniform> params: Params;

struct Tally {
  odd: bool,
  wrong: u32, // ~ of the first row whose target is no class, 0 for none
  value: f32,
  weight: f32,
  z: f32,
  marks: u32,
}

@compute @workgroup_size(WG)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let thread = (group.x + group.y * groups.x) * WG + local;
  if thread >= params.threads { return; }
  var tally = Tally(false, 0u, 0.0, 0.0, 0.0, 0u);
  registers_walk(thread, &tally);
  if tally.wrong != 0u { atomicMax(&fault[0], tally.wrong); }
  if REDUCED {
    let record = params.start + thread;
    row_store_one(4u * record, bitcast<u32>(tally.value));
    row_store_one(4u * record + 1u, bitcast<u32>(tally.weight));
    row_store_one(4u * record + 2u, bitcast<u32>(tally.z));
    row_store_one(4u * record + 3u, tally.marks);
  }
}

fn registers_row(row: u32, v: Cells, own: Own, tally: ptr<function, Tally>) -> u32 {
  let sum = cells_sum(v, own);
  let odd = registers_odd(v, sum.peak, sum.rest);
  (*tally).odd |= odd;
  let aim = registers_aim(row, own);
  (*tally).wrong = max((*tally).wrong, select(0u, ~(own.first + row), aim.wrong));
  let counts = !(aim.ignored | aim.wrong);
  let w = registers_weight(aim, own);
  let log_sum = math_log1p(select(sum.rest, 0.0, sum.rest < 1e-30), own.zero);
  // In quarters, because the true value may be beyond f32.
  let bits = row_product_bits(sum.peak * 0.25 - aim.logit * 0.25, 4.0 * own.rate, log_sum);
  let lost = !aim.possible | (bits == ROW_INFINITY_BITS);
  var z = 0.0;
  var infinite = lost & (w != 0.0);
  if ZLOSS {
    let lse = row_product_bits(sum.peak, own.rate, log_sum);
    let vast = loss_z_overflows(lse);
    infinite = infinite | vast;
    z = select(math_opaque(params.zloss * bitcast<f32>(lse), params.zero) * bitcast<f32>(lse), 0.0, vast);
  }
  let value = select(w * bitcast<f32>(bits), 0.0, lost | infinite);
  let marks = LOSS_COUNTED | select(0u, LOSS_INFINITE, infinite);
  return registers_keep(registers_counted(Loss(value, w, z, marks), aim, counts & !odd), tally);
}

// The loss where the row counts, else nothing, or that its target is wrong.
fn registers_counted(loss: Loss, aim: Aim, counts: bool) -> Loss {
  return Loss(select(0.0, loss.value, counts), select(0.0, loss.weight, counts), select(0.0, loss.z, counts),
    select(select(0u, LOSS_NAN, aim.wrong), loss.marks, counts));
}

fn registers_keep(loss: Loss, tally: ptr<function, Tally>) -> u32 {
  if !REDUCED { return loss_bits(loss); }
  let counted = ((*tally).marks & ~7u) + (loss.marks & ~7u);
  (*tally).value += loss.value;
  (*tally).weight += loss.weight;
  (*tally).z += loss.z;
  (*tally).marks = (((*tally).marks | loss.marks) & 7u) | counted;
  return 0u;
}

fn registers_mend(row: u32, r: Row, own: Own, tally: ptr<function, Tally>) {
  let aim = registers_aim(row, own);
  let loss = Loss(0.0, registers_weight(aim, own), 0.0, LOSS_COUNTED | LOSS_NAN);
  let bits = registers_keep(registers_counted(loss, aim, !(aim.ignored | aim.wrong)), tally);
  if !REDUCED { row_store_one(own.first + row, bits); }
}
