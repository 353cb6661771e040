// Words moved into strata: twin of src/random/strata.ts. `strata` is strataParams(S) for S <= 2^31 strata, of which
// stratum k begins at word t(k) = floor(k 2^32 / S).
//
// include: lib/mulhi.wgsl

// (t(k), k 2^32 modulo S). The truncated ratio makes the product too small by k / 2^32 < 1/2 at most, so the quotient
// by 1 at most, and the remainder stays below 2 S <= 2^32.
fn strata_boundary(k: u32, strata: vec3<u32>) -> vec2<u32> {
  let quotient = k * strata.y + mulhi(k, strata.z);
  return strata_carried(vec2<u32>(quotient, 0u - quotient * strata.x), strata.x);
}

// The quotient and remainder of a division by S, given a remainder below 2 S.
fn strata_carried(x: vec2<u32>, S: u32) -> vec2<u32> {
  return select(x, vec2<u32>(x.x + 1u, x.y - S), x.y >= S);
}

// strata_boundary(k + 1), given that of k.
fn strata_next(boundary: vec2<u32>, strata: vec3<u32>) -> vec2<u32> {
  return strata_carried(boundary + vec2<u32>(strata.y, 0u - strata.y * strata.x), strata.x);
}

// w moved between two boundaries. They are equal modulo 2^32 only where one stratum has all words.
fn strata_between(begin: u32, end: u32, w: u32) -> u32 {
  return begin + select(mulhi(end - begin, w), w, begin == end);
}

// strata_boundary(k + 4) - strata_boundary(k), but for what the remainder carries.
fn strata_stride(strata: vec3<u32>) -> vec2<u32> {
  let two = strata_next(strata_next(vec2<u32>(0u), strata), strata);
  return strata_next(strata_next(two, strata), strata);
}

// strata_boundary(k + 4), given that of k and strata_stride.
fn strata_fourth(boundary: vec2<u32>, stride: vec2<u32>, strata: vec3<u32>) -> vec2<u32> {
  return strata_carried(boundary + stride, strata.x);
}

// Random words w moved into strata k + (0, 1, 2, 3), of which the first begins at strata_boundary(k).
fn strata_words(begin: vec2<u32>, w: vec4<u32>, strata: vec3<u32>) -> vec4<u32> {
  let second = strata_next(begin, strata);
  let third = strata_next(second, strata);
  let fourth = strata_next(third, strata);
  let end = strata_next(fourth, strata);
  return vec4<u32>(
    strata_between(begin.x, second.x, w.x),
    strata_between(second.x, third.x, w.y),
    strata_between(third.x, fourth.x, w.z),
    strata_between(fourth.x, end.x, w.w),
  );
}
