// Lambda-returns, backwards through time in each column: with rows r, V, terminal and last of [steps + 1, columns] arrays,
// R[t] = r[t+1] + (1 - cont) live V[t+1] + cont live R[t+1], live = (1 - terminal[t+1]) discount,
// cont = (1 - last[t+1]) lambda, and R[steps] = V[steps].
//
// One invocation a column, over the steps [first, first + steps); a later stretch left its first return in place, and this
// one goes on from there. Every value is read once.
//
// include: lib/fractions.wgsl

// `const FRACTIONS` is prepended: whether `terminals` and `lasts` are f32 from 0 to 1, rather than integer flags.

struct Params {
  columns: u32,
  first: u32,
  steps: u32,
  total: u32, // steps in all
  discount: f32,
  lambda: f32,
}

@group(0) @binding(0) var<storage, read> rewards: array<f32>;
@group(0) @binding(1) var<storage, read> values: array<f32>;
@group(0) @binding(2) var<storage, read> terminals: array<u32>;
@group(0) @binding(3) var<storage, read> lasts: array<u32>;
@group(0) @binding(4) var<storage, read_write> returns: array<f32>;
@group(0) @binding(5) var<storage, read_write> fault: array<atomic<u32>>;
@group(0) @binding(6) var<uniform> params: Params;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let columns = params.columns;
  let column = (group.x + group.y * groups.x) * 64u + local;
  if column >= columns { return; }
  let discount = params.discount;
  let lambda = params.lambda;
  let end = params.first + params.steps;
  var at = end * columns + column;
  var ahead = values[at];
  if end < params.total { ahead = returns[at]; }
  var bad = 0u;
  for (var k = 0u; k < params.steps; k++) {
    let terminal = terminals[at];
    let last = lasts[at];
    bad = select(bad, ~at, fraction_is_bad(terminal) | fraction_is_bad(last));
    let live = (1.0 - fraction_of(terminal)) * discount;
    let cont = (1.0 - fraction_of(last)) * lambda;
    // What has no weight does not count, whatever it is.
    let value = select(((1.0 - cont) * live) * values[at], 0.0, (cont == 1.0) | (live == 0.0));
    let carried = select((live * cont) * ahead, 0.0, (cont == 0.0) | (live == 0.0));
    ahead = (rewards[at] + value) + carried;
    at -= columns;
    returns[at] = ahead;
  }
  if bad != 0u { atomicMax(&fault[0], bad); }
}
