// Some steps of particles along their way to a Gaussian mixture, in registers: x = map_s(x), and where NOISY then
// x = clip(x + fresh_s z), z standard normals of coordinates D (1 + s) … of the particle's sample.
//
// An invocation takes a quad, four consecutive samples that share their words. `skip` is how many of the first quad's samples lie before
// the range, `into` where the range starts in x. Where `recording`, the result is written to `record` from `beside` on, too.
//
// include: lib/math.wgsl, lib/threefry.wgsl, lib/variates.wgsl, lib/elementary/exp.wgsl, lib/points.wgsl, lib/normals-quad.wgsl,
// lib/blend.wgsl

struct Params {
  particles: u32,
  skip: u32,
  quad_lo: u32,
  quad_hi: u32,
  stream: u32,
  seed_lo: u32,
  seed_hi: u32,
  into: u32,
  recording: u32,
  beside: u32,
  first: u32,
  steps: u32,
  components: u32,
  zero: u32,
}

@group(0) @binding(0) var<storage, read> maps: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> axes: array<f32>;
@group(0) @binding(2) var<storage, read_write> x: array<f32>;
@group(0) @binding(3) var<storage, read_write> record: array<f32>;
@group(0) @binding(4) var<uniform> params: Params;

@compute @workgroup_size(WG)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let quad = (group.y * groups.x + group.x) * WG + local;
  let particles = params.particles;
  if quad * 4u >= particles + params.skip { return; }
  let low = params.quad_lo + quad;
  let high = params.quad_hi + select(0u, 1u, low < quad);
  let origin = SampleOrigin(low, high, params.stream, vec2<u32>(params.seed_lo, params.seed_hi));
  let zero = params.zero;
  let components = params.components;

  var points: Points;
  for (var lane = 0u; lane < 4u; lane++) { // unrolled
    let i = quad * 4u + lane - params.skip; // wraps to a large number before the range
    let start = params.into + select(0u, i, i < particles) * D;
    for (var c = 0u; c < D; c++) { // unrolled
      points[c][lane] = x[start + c];
    }
  }

  var z: Points;
  for (var s = 0u; s < params.steps; s++) {
    let at = s * (1u + components * (1u + D));
    blend_apply(&points, at, components, zero);
    if NOISY {
      normals_quad(&z, origin, D * (1u + params.first + s), zero);
      let fresh = maps[at].x;
      let bound = vec4<f32>(maps[at].y);
      for (var c = 0u; c < D; c++) { // unrolled
        let moved = blend_opaque(points[c] + blend_opaque(fresh * z[c], zero), zero);
        let below = select(moved, bound, moved > bound);
        points[c] = select(below, -bound, below < -bound);
      }
    }
  }

  for (var lane = 0u; lane < 4u; lane++) { // unrolled
    let i = quad * 4u + lane - params.skip;
    if i < particles {
      for (var c = 0u; c < D; c++) { // unrolled
        x[params.into + i * D + c] = points[c][lane];
      }
      if params.recording != 0u {
        for (var c = 0u; c < D; c++) { // unrolled
          record[params.beside + i * D + c] = points[c][lane];
        }
      }
    }
  }
}
