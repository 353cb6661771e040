// Particles from N(0, I): x[i, c] = coordinate c of the normals of sample `offset` + i.
//
// An invocation takes a quad, four consecutive samples that share their words. `skip` is how many of the first quad's samples
// lie before the range, `into` where the range starts in x.
//
// include: lib/math.wgsl, lib/threefry.wgsl, lib/variates.wgsl, lib/points.wgsl, lib/normals-quad.wgsl

struct Params {
  particles: u32,
  skip: u32,
  quad_lo: u32,
  quad_hi: u32,
  stream: u32,
  seed_lo: u32,
  seed_hi: u32,
  into: u32,
  zero: u32,
}

@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@group(0) @binding(1) var<uniform> params: Params;

@compute @workgroup_size(WG)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let quad = (group.y * groups.x + group.x) * WG + local;
  if quad * 4u >= params.particles + params.skip { return; }
  let low = params.quad_lo + quad;
  let high = params.quad_hi + select(0u, 1u, low < quad);
  let origin = SampleOrigin(low, high, params.stream, vec2<u32>(params.seed_lo, params.seed_hi));
  var z: Points;
  normals_quad(&z, origin, 0u, params.zero);
  for (var lane = 0u; lane < 4u; lane++) { // unrolled
    let i = quad * 4u + lane - params.skip; // wraps to a large number before the range
    if i < params.particles {
      for (var c = 0u; c < D; c++) { // unrolled
        x[params.into + i * D + c] = z[c][lane];
      }
    }
  }
}
