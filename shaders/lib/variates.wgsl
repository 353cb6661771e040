// From random words to uniform and normal variates. A pair of words makes a pair of normals (Box and Muller):
// r = normal_radius(unit(w0)) and turn(w1) give r cos, r sin. This runs once or twice a sample, so every operation
// counts: polynomials are minimax for the intervals here, no longer than 4 ULP of z + 1e-7 r asks for.
//
// Every product that feeds an addition passes through math_opaque; src/arithmetic/variates.ts is the twin, to the bit. The
// constants that are not here are written in front of it by src/arithmetic/variates-wgsl.ts.
//
// include: lib/math.wgsl, lib/normal-tail.wgsl

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
  let p = math_opaque(t * RADIUS_0, zero) + RADIUS_1;
  let q = math_opaque(p * t, zero) + RADIUS_2;
  let near = math_opaque(s * (q * t), zero) + s;
  let half = math_opaque(f32(i32(exponent)) * RADIUS_LN2, zero) + near; // log(2) / 2 / 2^23
  return sqrt(half * -4.0);
}

// (cos, sin) of the angle w / 2^32 turns. The nearest quarter turn is a matter of integers. The rest is an odd number k
// of 2^-27 turns, |k| < 2^24, so that no cosine or sine is 0. x is |c6|^(1/6) times the angle of k, where c6 is the last
// coefficient of the cosine, which then needs none (absolute error 3e-8; sine: relative error 3e-9).
fn turn(w: u32, zero: u32) -> vec2<f32> {
  let x = f32(bitcast<i32>(((w * 4u) & 0xffffff80u) | 0x80u)) * ANGLE_UNIT; // 128 k, and the unit of k / 128
  let t = x * x;
  let c = 1.0 - math_opaque(t * (math_opaque((t + ANGLE_COS_0) * t, zero) + ANGLE_COS_1), zero);
  let p = math_opaque(t * ANGLE_SIN_0, zero) + ANGLE_SIN_1;
  let q = math_opaque(p * t, zero) + ANGLE_SIN_2;
  let s = (math_opaque(q * t, zero) + ANGLE_SIN_3) * x;

  let quarter = w + 0x20000000u; // its top two bits count quarter turns
  let next = quarter * 2u;
  let exchange = select(0u, bitcast<u32>(c) ^ bitcast<u32>(s), bitcast<i32>(next) < 0);
  return vec2<f32>(
    bitcast<f32>(bitcast<u32>(c) ^ exchange ^ ((quarter ^ next) & 0x80000000u)),
    bitcast<f32>(bitcast<u32>(s) ^ exchange ^ (quarter & 0x80000000u)),
  );
}

// The normal quantile of (w + 1/2) / 2^32, within 6 ULP; of ~w it is exactly the opposite.
fn normal_of_word(w: u32, zero: u32) -> f32 {
  let j = w ^ bitcast<u32>(i32(w) >> 31u);
  let u = number_of(2u * j + 1u, zero) * 0x1p-33;
  let d = number_of(~(2u * j), zero) * 0x1p-33; // 1/2 - u
  let z = normal_tail(d, u, normal_radius(u, zero), zero);
  return bitcast<f32>(bitcast<u32>(z) ^ (~w & 0x80000000u));
}

// A word as the nearest f32 (WGSL lets f32(w) be either neighbour).
fn number_of(w: u32, zero: u32) -> f32 {
  return math_opaque(f32(i32(w >> 16u)) * 65536.0, zero) + f32(i32(w & 0xffffu));
}
