// Numbers of 16 bits, two to a word: f16 (IEEE 754's binary16) or, `brain`, bf16 (the upper half of an f32), to the bits of f32 and back.
// Products stand for shifts where they can: docs/decisions, no shifts in hot loops.

// The two halves of a word, the lower one first. HALF_UNPACKS: the machine's own conversion keeps subnormal and special numbers. HALF_SCALES: f32
// keeps its subnormal numbers, so that a half in the places of an f32 is the number it should be but for a factor, subnormal ones too.
fn halves_widen(word: u32, brain: bool) -> vec2<u32> {
  if brain { return vec2<u32>(word * 0x10000u, word & 0xffff0000u); }
  if HALF_UNPACKS { return bitcast<vec2<u32>>(unpack2x16float(word)); }
  if HALF_SCALES {
    let placed = bitcast<vec2<u32>>(bitcast<vec2<i32>>(vec2<u32>(word * 0x10000u, word)) >> vec2<u32>(3u)) & vec2<u32>(0x8fffe000u);
    let finite = bitcast<vec2<u32>>(bitcast<vec2<f32>>(placed) * 0x1p112f);
    return select(finite, placed | vec2<u32>(0x7f800000u), (placed & vec2<u32>(0x0f800000u)) == vec2<u32>(0x0f800000u));
  }
  let size = vec2<u32>((word & 0x7fffu) * 0x2000u, (word & 0x7fff0000u) >> 3u);
  let sign = vec2<u32>(word * 0x10000u, word) & vec2<u32>(0x80000000u);
  let tiny = bitcast<vec2<u32>>(bitcast<vec2<f32>>(size + 0x38800000u) - 0x1p-14f);
  let normal = size + select(vec2<u32>(0x38000000u), vec2<u32>(0x70000000u), size >= vec2<u32>(0x0f800000u));
  return sign | select(normal, tiny, size < vec2<u32>(0x00800000u));
}

fn halves_widen4(words: vec2<u32>, brain: bool) -> vec4<u32> {
  return vec4<u32>(halves_widen(words.x, brain), halves_widen(words.y, brain));
}

fn halves_widen_one(word: u32, at: u32, brain: bool) -> u32 {
  let pair = halves_widen(word, brain);
  return select(pair.x, pair.y, (at & 1u) == 1u);
}

// Of three words the two that begin with half `at`.
fn halves_from(at: u32, a: u32, b: u32, c: u32) -> vec2<u32> {
  let between = vec2<u32>((a >> 16u) | (b * 0x10000u), (b >> 16u) | (c * 0x10000u));
  return select(vec2<u32>(a, b), between, (at & 1u) == 1u);
}

// The nearest halves, of two the even one. WGSL leaves the rounding of pack2x16float open, and what it makes of large numbers.
fn halves_narrow4(bits: vec4<u32>, brain: bool) -> vec2<u32> {
  let size = bits & vec4<u32>(0x7fffffffu);
  let is_nan = size > vec4<u32>(0x7f800000u);
  if brain {
    let nearest = bits + select(vec4<u32>(0x7fffu), vec4<u32>(0x8000u), (bits & vec4<u32>(0x10000u)) != vec4<u32>(0u));
    let upper = select(nearest, bits | vec4<u32>(0x400000u), is_nan);
    return vec2<u32>((upper.x >> 16u) | (upper.y & 0xffff0000u), (upper.z >> 16u) | (upper.w & 0xffff0000u));
  }
  // Halves without their signs, 13 bits up.
  let odd = (size & vec4<u32>(0x2000u)) != vec4<u32>(0u);
  let normal = (size + select(vec4<u32>(0xc8000fffu), vec4<u32>(0xc8001000u), odd)) & vec4<u32>(0x0fffe000u);
  let tiny = (bitcast<vec4<u32>>(bitcast<vec4<f32>>(size) + 0.5) - 0x3f000000u) * 0x2000u;
  let special = select(vec4<u32>(0x0f800000u), vec4<u32>(0x0fc00000u), is_nan);
  let finite = select(normal, tiny, size < vec4<u32>(0x38800000u));
  let halves = select(special, finite, size < vec4<u32>(0x47800000u));
  let signs = select(vec2<u32>(0u), vec2<u32>(0x8000u), bits.xz != size.xz) | (bits.yw & vec2<u32>(0x80000000u));
  return (halves.xz >> vec2<u32>(13u)) | (halves.yw * 8u) | signs;
}

fn halves_narrow_one(bits: u32, brain: bool) -> u32 {
  return halves_narrow4(vec4<u32>(bits), brain).x & 0xffffu;
}

// A word with another half at place `at`.
fn halves_with(word: u32, at: u32, half: u32) -> u32 {
  return select((word & 0xffff0000u) | half, (word & 0xffffu) | (half * 0x10000u), (at & 1u) == 1u);
}
