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

// Random word w moved into stratum k < S.
fn stratum_word(k: u32, w: u32, strata: vec3<u32>) -> u32 {
  let begin = strata_boundary(k, strata);
  return strata_between(begin.x, strata_next(begin, strata).x, w);
}

// Random words w of samples 4 quad + (0, 1, 2, 3), quad < 2^30: two in stratum 2 quad, two in the next.
fn stratum_words(quad: u32, w: vec4<u32>, strata: vec3<u32>) -> vec4<u32> {
  let begin = strata_boundary(2u * quad, strata);
  let middle = strata_next(begin, strata);
  let end = strata_next(middle, strata);
  return vec4<u32>(
    strata_between(begin.x, middle.x, w.x),
    strata_between(begin.x, middle.x, w.y),
    strata_between(middle.x, end.x, w.z),
    strata_between(middle.x, end.x, w.w),
  );
}
