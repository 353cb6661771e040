// Actions with the noise of a diffusion step: y = signal[t] clip(a, -most, most) + noise[t] e, (signal, noise) = scales[t].
//
// One invocation a value; `per` values share a step. The first row of `per` values whose step is none of the schedule is reported
// in `fault` as ~row.
//
// include: lib/math.wgsl

struct Params {
  count: u32,
  per: u32,
  steps: u32,
  most: f32,
  zero: u32,
}

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> noise: array<f32>;
@group(0) @binding(2) var<storage, read> times: array<u32>;
@group(0) @binding(3) var<storage, read> scales: array<vec2<f32>>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;
@group(0) @binding(5) var<storage, read_write> fault: array<atomic<u32>>;
@group(0) @binding(6) var<uniform> params: Params;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let i = (group.x + group.y * groups.x) * 64u + local;
  if i >= params.count { return; }
  let row = i / params.per;
  let t = times[row];
  if t >= params.steps {
    atomicMax(&fault[0], ~row);
    y[i] = 0.0;
    return;
  }
  let a = select(select(x[i], params.most, x[i] > params.most), -params.most, x[i] < -params.most);
  let scale = scales[t];
  y[i] = math_opaque(scale.x * a, params.zero) + math_opaque(scale.y * noise[i], params.zero);
}
