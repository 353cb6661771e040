// From random words to uniform and normal variates. A pair of words makes a pair of normals (Box and Muller):
// normal_pair(normal_radius(w0 / 2^32), w1) is r cos, r sin. This runs once or twice a sample, so every operation
// counts: polynomials are minimax for the intervals here, no longer than 4 ULP of z + 1e-7 r asks for.
//
// Every product that feeds an addition passes through math_opaque or math_mad; src/arithmetic/variates.ts is the twin, to the bit. The
// constants that are not here are written in front of it by src/arithmetic/variates-wgsl.ts.
//
// include: lib/math.wgsl, lib/mad.wgsl, lib/normal-tail.wgsl

// A word as a number in (0, 1): an odd multiple of 2^-24, ((w >> 8) | 1) 2^-24. SwiftShader shifts lane by lane, and every
// machine converts i32 at once, so the upper 24 bits are taken as a signed number and moved back up; each step is exact.
fn unit(w: u32) -> f32 {
  return f32(bitcast<i32>(((w & 0xffffff00u) | 0x100u) ^ 0x80000000u)) * 0x1p-32 + 0.5;
}

// The same, with 24 significant bits down to 2^-64: where the top 10 bits of w are 0, the word v continues w.
fn unit_refined(w: u32, v: u32) -> f32 {
  let high = select(v | 1u, w, w != 0u);
  let low = select(0u, v, w != 0u);
  let zeros = countLeadingZeros(high);
  let x = (high << zeros) | ((low >> 1u) >> (31u - zeros)); // two shifts, since a shift by 32 is none
  let exponent = 103u - zeros - select(32u, 0u, w != 0u);
  let refined = f32(i32((x >> 8u) | 1u)) * bitcast<f32>(exponent << 23u);
  return select(refined, unit(w), w >= 0x400000u);
}

// sqrt(-2 log u) for normal u in (0, 1), with full relative accuracy near 1, within 2 ULP: u = 2^n m,
// sqrt(1/2) <= m < sqrt(2), and log m = 2 atanh(s), s = (m - 1) / (m + 1), by a polynomial in s^2 (relative error 8e-10).
fn normal_radius(u: f32, zero: u32) -> f32 {
  let bits = bitcast<u32>(u);
  let exponent = (bits - 0x3f3504f3u) & 0xff800000u; // n 2^23
  let m = bitcast<f32>(bits - exponent);
  let s = (m - 1.0) / (m + 1.0);
  let t = s * s;
  let p = math_mad_any(t, RADIUS_0, RADIUS_1, zero);
  let q = math_mad(p, t, RADIUS_2, zero);
  let near = math_mad(s, q * t, s, zero);
  let half = math_mad_any(f32(i32(exponent)), RADIUS_LN2, near, zero); // log(2) / 2 / 2^23
  return sqrt(half * -4.0);
}

// (|cos|, |sin|) of the angle w / 2^32 turns, but for their signs, which may be any. The nearest quarter turn is a matter of
// integers. The rest is an odd number k of 2^-27 turns, |k| < 2^24, so that no cosine or sine is 0. x is |c6|^(1/6) times
// the angle of k, where c6 is the last coefficient of the cosine, which then needs none (absolute error 3e-8; sine: relative
// error 3e-9).
fn turn_sizes(w: u32, zero: u32) -> vec2<f32> {
  let x = f32(bitcast<i32>(((w * 4u) & 0xffffff80u) | 0x80u)) * ANGLE_UNIT; // 128 k, and the unit of k / 128
  let t = x * x;
  let c = math_mad(-t, math_mad(t + ANGLE_COS_0, t, ANGLE_COS_1, zero), 1.0, zero);
  let p = math_mad_any(t, ANGLE_SIN_0, ANGLE_SIN_1, zero);
  let q = math_mad(p, t, ANGLE_SIN_2, zero);
  let s = math_mad(q, t, ANGLE_SIN_3, zero) * x;
  let odd = bitcast<i32>(w * 2u + 0x40000000u) < 0; // whether the nearest quarter turn is
  return vec2<f32>(select(c, s, odd), select(s, c, odd));
}

// Numbers with the signs of the cosine and the sine of the angle w / 2^32 turns.
fn turn_signed(sizes: vec2<f32>, w: u32) -> vec2<f32> {
  let signs = vec2<u32>(w + 0x40000000u, w) & vec2<u32>(0x80000000u);
  return bitcast<vec2<f32>>((bitcast<vec2<u32>>(sizes) & vec2<u32>(0x7fffffffu)) | signs);
}

// (cos, sin) of the angle w / 2^32 turns.
fn turn(w: u32, zero: u32) -> vec2<f32> {
  return turn_signed(turn_sizes(w, zero), w);
}

// r (cos, sin) of the angle w / 2^32 turns, rounded before anything is added to it: setting the signs keeps compilers from the
// products as math_opaque does.
fn normal_pair(r: f32, w: u32, zero: u32) -> vec2<f32> {
  return turn_signed(r * turn_sizes(w, zero), w);
}

// The normal quantile of (w + 1/2) / 2^32, within 6 ULP; of ~w it is exactly the opposite.
fn normal_of_word(w: u32, zero: u32) -> f32 {
  let j = word_below_half(w);
  let u = below_half(j);
  return normal_with_side(normal_tail(half_less(j), u, normal_radius(u, zero), zero), w);
}

// The same by a branch, for machines that skip what nobody takes: neighbours in strata mostly take the same side.
fn normal_of_word_branching(w: u32, zero: u32) -> f32 {
  let j = word_below_half(w);
  var z: f32;
  if j > 429496751u { // below_half(j) > 0.1
    z = normal_near(half_less(j), zero);
  } else {
    z = normal_far(normal_radius(below_half(j), zero), zero);
  }
  return normal_with_side(z, w);
}

// Of w and ~w the one below 2^31.
fn word_below_half(w: u32) -> u32 {
  return w ^ bitcast<u32>(i32(w) >> 31u);
}

// u = (j + 1/2) / 2^32 for j < 2^31.
fn below_half(j: u32) -> f32 {
  return number_of(2u * j + 1u) * 0x1p-33;
}

// 1/2 - u.
fn half_less(j: u32) -> f32 {
  return number_of(~(2u * j)) * 0x1p-33;
}

// z > 0 on the side of w.
fn normal_with_side(z: f32, w: u32) -> f32 {
  return bitcast<f32>((bitcast<u32>(z) & 0x7fffffffu) | (~w & 0x80000000u));
}

// A word as the nearest f32 (WGSL lets f32(w) be either neighbour): the product is exact.
fn number_of(w: u32) -> f32 {
  return f32(i32(w >> 16u)) * 65536.0 + f32(i32(w & 0xffffu));
}
