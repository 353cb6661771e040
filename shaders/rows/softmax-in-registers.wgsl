// Softmax of rows of few classes: y[r, c] = exp(d[r, c]) / sum over c of exp(d[r, c]), or with LOG its logarithm
// d[r, c] - log(1 + rest[r]) (d and rest: lib/in-registers.wgsl).
//
// An invocation takes rows whole, GROUP at a time; each logit is read once and each result written once.
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

fn registers_row(row: u32, v: Cells, own: Own, tally: ptr<function, Tally>) -> Cells {
  if LOG {
    let sum = registers_sum(v, own, tally);
    return cells_logs(v, sum.peak, math_log1p(sum.rest, own.zero), own);
  }
  let s = cells_shares(v, own);
  (*tally).odd |= registers_odd(v, s.peak, s.sum);
  return cells_scaled(s, 1.0 / s.sum);
}

fn registers_mend(row: u32, r: Row, own: Own, tally: ptr<function, Tally>) {
  for (var c = 0u; c < COLUMNS; c++) { row_store_one(own.start + row * COLUMNS + c, ROW_NAN_BITS); }
}
