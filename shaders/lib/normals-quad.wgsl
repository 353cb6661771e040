// Standard normals of four consecutive samples, one a lane: D coordinates from `first` on. A pair of samples shares a radius and an
// angle word. Radius words with many leading zeros take a second word; those coordinates are drawn again in a loop of
// their own, so that the common path pays little.
//
// In front of this: D, at most 32, a generator and the variates.
//
// include: lib/math.wgsl, lib/mad.wgsl, lib/threefry.wgsl, lib/variates.wgsl, lib/points.wgsl

// Which quad of samples of which stream.
struct SampleOrigin { low: u32, high: u32, stream: u32, key: vec2<u32> }

const NORMALS_REFINEMENT = 0x10000u; // purpose 1

fn normals_quad(z: ptr<function, Points>, origin: SampleOrigin, first: u32, zero: u32) {
  var pending = 0u;
  var bit = 1u;
  for (var c = 0u; c < D; c++) {
    let w = random_words(vec4<u32>(origin.low, origin.high, origin.stream, first + c), origin.key);
    (*z)[c] = normals_of(w, unit(w.x), unit(w.z), zero);
    // Not ||, which branches.
    pending |= select(0u, bit, ((w.x & 0xffc00000u) == 0u) | ((w.z & 0xffc00000u) == 0u));
    bit *= 2u;
  }
  while pending != 0u {
    let c = firstTrailingBit(pending);
    pending &= pending - 1u;
    var words: array<vec4<u32>, 2>;
    for (var purpose = 0u; purpose < 2u; purpose++) {
      let coordinate = first + c + purpose * NORMALS_REFINEMENT;
      words[purpose] = random_words(vec4<u32>(origin.low, origin.high, origin.stream, coordinate), origin.key);
    }
    let w = words[0];
    (*z)[c] = normals_of(w, unit_refined(w.x, words[1].x), unit_refined(w.z, words[1].z), zero);
  }
}

fn normals_of(w: vec4<u32>, u0: f32, u2: f32, zero: u32) -> vec4<f32> {
  let even = normal_pair(normal_radius(u0, zero), w.y, zero);
  let odd = normal_pair(normal_radius(u2, zero), w.w, zero);
  return vec4<f32>(even, odd);
}
