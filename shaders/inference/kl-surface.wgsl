// KL(q || p) of normal distributions q over a grid of means and stds to one target p: y[j, i] = -E_q[log p(z)] - H(q) for mean i and
// std j, an invocation a cell.
//
// The expectation is a sum over nodes of the standard normal distribution, z = mean + std * node, whose weights add up to 1. Each 32
// nodes are summed apart and then added to the total, so that roundings stay few. The entropy is log std + (1 + log 2 pi) / 2.
//
// In front of this stand the emitted `log_density` and
//   log_target(z) -> f32    log p(z), with the target's parameters
//
// include: lib/math.wgsl

struct Params {
  means: u32,
  cells: u32,
  groups: u32, // of 32 nodes
  zero: u32,
}

@group(0) @binding(0) var<storage, read> grid: array<f32>; // the means, then the stds
@group(0) @binding(1) var<storage, read> nodes: array<vec2<f32>>; // each a node and its weight
@group(0) @binding(2) var<storage, read> parameters: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;
@group(0) @binding(4) var<uniform> params: Params;

const HALF_LOG_2PI_E = 1.4189385;

@compute @workgroup_size(WG)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let cell = (group.y * groups.x + group.x) * WG + local;
  if cell >= params.cells { return; }
  let means = params.means;
  let zero = params.zero;
  let mean = grid[cell % means];
  let spread = grid[means + cell / means];
  var total = 0.0;
  var part = 0.0;
  for (var g = 0u; g < params.groups; g++) {
    part = 0.0;
    for (var k = 0u; k < 32u; k++) {
      let node = nodes[32u * g + k];
      part += node.y * log_target(mean + math_opaque(spread * node.x, zero));
    }
    total += part;
  }
  y[cell] = -total - (math_log(spread, zero) + HALF_LOG_2PI_E);
}
