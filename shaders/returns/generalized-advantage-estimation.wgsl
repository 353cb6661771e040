// Generalised advantage estimation, backwards through time in each column of [steps, columns] arrays:
// A[t] = r[t] + gamma V[t+1] live - V[t] + gamma lambda live A[t+1], live = 1 - done[t]; returns = A + V.
//
// One invocation a column, over the steps [first, first + steps); a later stretch left its first advantage in place, and
// this one goes on from there. Every value is read once.
//
// include: lib/fractions.wgsl

// `const FRACTIONS` is prepended: whether `dones` are f32 from 0 to 1, rather than integer flags.

struct Params {
  columns: u32,
  first: u32,
  steps: u32,
  total: u32, // steps in all
  gamma: f32,
  decay: f32, // gamma lambda
}

@group(0) @binding(0) var<storage, read> rewards: array<f32>;
@group(0) @binding(1) var<storage, read> values: array<f32>;
@group(0) @binding(2) var<storage, read> dones: array<u32>;
@group(0) @binding(3) var<storage, read_write> advantages: array<f32>;
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
  let gamma = params.gamma;
  let decay = params.decay;
  let end = params.first + params.steps;
  var at = end * columns + column;
  var value = values[at];
  var advantage = 0.0;
  if end < params.total { advantage = advantages[at]; }
  var bad = 0u;
  for (var k = 0u; k < params.steps; k++) {
    at -= columns;
    let done = dones[at];
    bad = select(bad, ~at, fraction_is_bad(done));
    let live = 1.0 - fraction_of(done);
    // What lies behind the end of an episode does not count, whatever it is.
    let over = live == 0.0;
    let ahead = select(gamma * live * value, 0.0, over);
    let carried = select(decay * live * advantage, 0.0, over);
    value = values[at];
    advantage = (rewards[at] + ahead - value) + carried;
    advantages[at] = advantage;
    returns[at] = advantage + value;
  }
  if bad != 0u { atomicMax(&fault[0], bad); }
}
