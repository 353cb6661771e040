// Gradient of dynamics max(KL(sg(post) || prior), free) + representation max(KL(post || sg(prior)), free) with respect to the
// logits; sg stops gradients. With s the softmaxes of the logits, c = log(p / q) and d = p / q:
//   posterior[j]: representation keep s_p[j] (c[j] - sum over k of s_p[k] c[k])
//   prior[j]:     dynamics keep s_q[j] (sum over k of s_q[k] d[k] - d[j])
// times 1 where the state's divergence is above `free`, 0 where it is below, and 1/2 where they are equal.
//
// y is the gradient of `posterior`, z that of `prior`. One invocation a categorical; four sweeps over its classes.
//
// include: lib/math.wgsl, lib/latent.wgsl

struct Params {
  rows: u32,
  classes: u32,
  stoch: u32,
  keep: f32,
  share: f32,
  free: f32,
  dynamics: f32,
  representation: f32,
  zero: u32,
}

@group(0) @binding(0) var<storage, read> posterior: array<f32>;
@group(0) @binding(1) var<storage, read> prior: array<f32>;
@group(0) @binding(2) var<storage, read> total: array<u32>;
@group(0) @binding(3) var<storage, read_write> y: array<u32>;
@group(0) @binding(4) var<storage, read_write> z: array<u32>;
@group(0) @binding(5) var<uniform> params: Params;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let row = (group.x + group.y * groups.x) * 64u + local;
  if row >= params.rows { return; }
  let classes = params.classes;
  let start = row * classes;
  let s = latent_read(start, classes);
  var means = vec2<f32>(0.0);
  for (var c = 0u; c < classes; c += 1u) {
    let softmaxes = latent_softmax(s, start + c);
    means += softmaxes * pulls(softmaxes);
  }
  let bits = total[row / params.stoch];
  let divergence = bitcast<f32>(bits);
  let open = select(select(0.5, 0.0, divergence < params.free), 1.0, divergence > params.free);
  let scales = vec2<f32>(params.representation, -params.dynamics) * (open * params.keep);
  for (var c = 0u; c < classes; c += 1u) {
    let softmaxes = latent_softmax(s, start + c);
    let gradient = scales * softmaxes * (pulls(softmaxes) - means);
    let out = select(bitcast<vec2<u32>>(gradient), vec2<u32>(0x7fc00000u), bits == 0x7fc00000u);
    y[start + c] = out.x;
    z[start + c] = out.y;
  }
}

// (log(p / q), p / q).
fn pulls(softmaxes: vec2<f32>) -> vec2<f32> {
  let mixed = latent_mixed(softmaxes);
  let ratio = mixed.x / mixed.y;
  return vec2<f32>(math_log(ratio, params.zero), ratio);
}
