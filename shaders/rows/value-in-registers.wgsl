// One value a row of few classes: the log-sum-exp y[r] = log(sum over c of exp(x[r, c] / temperature)), or, ENTROPY, the
// entropy of the softmax in nats, log S - (sum of exp(d) d) / S with d and S = 1 + rest of lib/in-registers.wgsl.
//
// An invocation takes rows whole, GROUP at a time; each logit is read once.
//
// include: lib/math.wgsl, lib/row/row-params.wgsl, lib/row/row.wgsl, lib/row/extra-none.wgsl, lib/halves.wgsl, lib/row/load-*.wgsl, lib/row/store-*.wgsl,
// lib/place.wgsl, lib/in-registers.wgsl

@group(0) @binding(0) var<storage, read> x: array<Words>;
@group(0) @binding(1) var<storage, read> mask: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<Results>;
@group(0) @binding(3) var<uniform> params: Params;

struct Tally { odd: bool }

@compute @workgroup_size(WG)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let thread = (group.x + group.y * groups.x) * WG + local;
  if thread >= params.threads { return; }
  var tally = Tally(false);
  registers_walk(thread, &tally);
}

fn registers_row(row: u32, v: Cells, own: Own, tally: ptr<function, Tally>) -> u32 {
  let sum = registers_sum(v, own, tally);
  let log_sum = math_log1p(sum.rest, own.zero);
  if ENTROPY { return bitcast<u32>(max(log_sum - sum.slope / (1.0 + sum.rest), 0.0)); }
  return row_product_bits(sum.peak, own.rate, log_sum);
}

fn registers_mend(row: u32, r: Row, own: Own, tally: ptr<function, Tally>) {
  if ENTROPY { row_store_one(own.first + row, row_entropy_bits(r)); }
  else { row_store_one(own.first + row, row_log_sum_exp_bits(r)); }
}
