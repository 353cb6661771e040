// Samples of a distribution into memory: row r of y has the coordinates of sample r of those asked for.
//
// A workgroup takes 16 WG consecutive quads of samples, an invocation every WG-th of them, so that neighbours write side by side.
// As in expectation.wgsl a quick loop trusts its samples, and a second one visits the quads of which some variate takes a second
// word or some sample was rejected: there each sample is made on its own, and drawn again until it is accepted. The samples have
// the bits of those that expectation.wgsl sums.
//
// In front of this stand the generator, variates, the emitted `integrand` (the event as a function of its variates), and
//   Fixed, fixed_params(), origin_at(…) -> SampleOrigin, place_at(origin, q) -> Place
//   draw_quad(origin, fixed, place) -> Quad
//   draw_words(origin, place) -> Words, draw_lanes(origin, place, &Words, fixed) -> array<Lane, 4>
//   store_quad(row, Quad)    store_lane(row, Lane)    for rows that are asked for

struct Params {
  quads: u32,
  skip: u32,
  count: u32,
  quad_lo: u32,
  quad_hi: u32,
  stream: u32,
  seed_lo: u32,
  seed_hi: u32,
  zero: u32,
}

@group(0) @binding(0) var<storage, read> parameters: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<uniform> params: Params;

const EACH = 16u;

fn origin_of(t: u32) -> SampleOrigin {
  let low = params.quad_lo + t;
  let high = params.quad_hi + select(0u, 1u, low < t);
  return origin_at(low, high, params.stream, vec2<u32>(params.seed_lo, params.seed_hi));
}

// Sample j of quad t is row 4 t + j - skip, if that is one of the rows asked for.
fn asked(t: u32, j: u32) -> bool {
  let k = t * 4u + j;
  return (k >= params.skip) & (k - params.skip < params.count);
}

@compute @workgroup_size(WG)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let first = (group.y * groups.x + group.x) * (EACH * WG) + local;
  let quads = params.quads;
  let skip = params.skip;
  let fixed = fixed_params();

  var flags = 0u;
  var bit = 1u;
  for (var k = 0u; k < EACH; k++) {
    let t = first + k * WG;
    let origin = origin_of(t);
    let quad = draw_quad(origin, fixed, place_at(origin, 0u));
    let whole = asked(t, 0u) & asked(t, 3u);
    if (t < quads) & whole & !quad.rare { store_quad(t * 4u - skip, quad); }
    flags |= select(0u, bit, (t < quads) & (quad.rare | !whole));
    bit *= 2u;
  }

  while flags != 0u {
    let t = first + firstTrailingBit(flags) * WG;
    flags &= flags - 1u;
    let origin = origin_of(t);
    let place = place_at(origin, 0u);
    var words = draw_words(origin, place);
    var lanes = draw_lanes(origin, place, &words, fixed);
    for (var j = 0u; j < 4u; j++) {
      if asked(t, j) { store_lane(t * 4u + j - skip, lanes[j]); }
    }
  }
}
