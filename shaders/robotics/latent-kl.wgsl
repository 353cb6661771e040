// KL divergence of each pair of unimix categoricals: y[r] = sum over c of p log(p / q), p and q of lib/latent.wgsl.
//
// One invocation a pair; three sweeps over its classes.
//
// include: lib/math.wgsl, lib/latent.wgsl

struct Params {
  rows: u32,
  classes: u32,
  keep: f32,
  share: f32,
  zero: u32,
}

@group(0) @binding(0) var<storage, read> posterior: array<f32>;
@group(0) @binding(1) var<storage, read> prior: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<u32>;
@group(0) @binding(3) var<uniform> params: Params;

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
  var sum = 0.0;
  for (var c = 0u; c < classes; c += 1u) {
    let mixed = latent_mixed(latent_softmax(s, start + c));
    sum += mixed.x * math_log(mixed.x / mixed.y, params.zero);
  }
  y[row] = select(bitcast<u32>(sum), 0x7fc00000u, s.wrong);
}
