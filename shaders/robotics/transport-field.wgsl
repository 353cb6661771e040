// A field at points: y[i, :] = map(x[i, :]), a velocity or score of a Gaussian mixture on its way to noise.
//
// An invocation takes four points, one a lane.
//
// include: lib/math.wgsl, lib/elementary/exp.wgsl, lib/points.wgsl, lib/blend.wgsl

struct Params { points: u32, into: u32, components: u32, zero: u32 }

@group(0) @binding(0) var<storage, read> maps: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> axes: array<f32>;
@group(0) @binding(2) var<storage, read> x: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;
@group(0) @binding(4) var<uniform> params: Params;

@compute @workgroup_size(WG)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let quad = (group.y * groups.x + group.x) * WG + local;
  if quad * 4u >= params.points { return; }
  var points: Points;
  for (var lane = 0u; lane < 4u; lane++) { // unrolled
    let i = min(quad * 4u + lane, params.points - 1u);
    for (var c = 0u; c < D; c++) { // unrolled
      points[c][lane] = x[params.into + i * D + c];
    }
  }
  blend_apply(&points, 0u, params.components, params.zero);
  for (var lane = 0u; lane < 4u; lane++) { // unrolled
    let i = quad * 4u + lane;
    if i < params.points {
      for (var c = 0u; c < D; c++) { // unrolled
        y[params.into + i * D + c] = points[c][lane];
      }
    }
  }
}
