// y = (A - mean) / (std + epsilon) of each advantage, mean and unbiased std those of its minibatch.
//
// A workgroup of 64 lanes takes 512 advantages one after another, each lane every 64th; each is read once, and the
// minibatch's first, which the mean is given from, besides.
//
// include: lib/math.wgsl, lib/moments.wgsl

struct Params {
  total: u32,
  size: u32, // advantages a minibatch
  epsilon: f32,
  zero: u32,
}

@group(0) @binding(0) var<storage, read> advantages: array<f32>;
@group(0) @binding(1) var<storage, read> moments: array<Moments>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;
@group(0) @binding(3) var<uniform> params: Params;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let start = (group.x + group.y * groups.x) * 512u + local;
  for (var k = 0u; k < 8u; k++) {
    let at = start + k * 64u;
    if at >= params.total { return; }
    let minibatch = at / params.size;
    let m = moments[minibatch];
    let scale = moments_power(m.lift);
    let pivot = math_opaque(advantages[minibatch * params.size] * scale, params.zero);
    let deviation = (advantages[at] * scale - pivot) - m.mean;
    // Where it is scaled up, no more of epsilon than f32 can hold.
    let epsilon = select(params.epsilon, min(params.epsilon, moments_power(127 - m.lift)), m.lift > 0) * scale;
    let width = sqrt(m.squares / (m.count - 1.0)) + epsilon;
    // Equal advantages: epsilon is not 0 where all that is left of it is.
    y[at] = select(deviation / width, 0.0, width == 0.0 && params.epsilon > 0.0);
  }
}
