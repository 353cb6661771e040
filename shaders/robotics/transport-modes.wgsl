// Which component of a Gaussian mixture each point belongs to: labels[i] = the component with the greatest responsibility, and
// counts[k] = how many points have label k. A point that is not a number has no component: label 0xffffffff, not counted.
//
// An invocation takes four points, one a lane.
//
// include: lib/math.wgsl, lib/elementary/exp.wgsl, lib/points.wgsl, lib/blend.wgsl

struct Params { points: u32, into: u32, start: u32, components: u32, zero: u32 }

const NO_LABEL = 0xffffffffu;

@group(0) @binding(0) var<storage, read> maps: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> axes: array<f32>;
@group(0) @binding(2) var<storage, read> places: array<u32>;
@group(0) @binding(3) var<storage, read> x: array<u32>;
@group(0) @binding(4) var<storage, read_write> labels: array<u32>;
@group(0) @binding(5) var<storage, read_write> counts: array<atomic<u32>>;
@group(0) @binding(6) var<uniform> params: Params;

@compute @workgroup_size(WG)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let quad = (group.y * groups.x + group.x) * WG + local;
  if quad * 4u >= params.points { return; }
  var points: Points;
  var known = vec4<u32>(1u);
  for (var lane = 0u; lane < 4u; lane++) { // unrolled
    let i = min(quad * 4u + lane, params.points - 1u);
    for (var c = 0u; c < D; c++) { // unrolled
      let bits = x[params.into + i * D + c];
      // NaN is told by its bits: compilers may take it that there is none.
      known[lane] &= select(1u, 0u, (bits & 0x7fffffffu) > 0x7f800000u);
      points[c][lane] = bitcast<f32>(bits);
    }
  }
  let best = blend_nearest(&points, 0u, params.components, params.zero);
  for (var lane = 0u; lane < 4u; lane++) { // unrolled
    let i = quad * 4u + lane;
    if i < params.points {
      let label = places[best[lane]];
      labels[params.start + i] = select(NO_LABEL, label, known[lane] != 0u);
      if known[lane] != 0u { atomicAdd(&counts[label], 1u); }
    }
  }
}
