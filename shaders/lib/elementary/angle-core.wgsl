// The sine of x + turn quarter turns, x in radians: x = n pi / 2 + r by five parts of pi / 2, of which four have 7 bits,
// so that their products with n are exact up to |n| = 2^17; then minimax polynomials on |r| <= pi / 4 (relative error of
// the sine 4e-9, absolute of the cosine 1e-10).
fn f_sin_quarters(x: f32, turn: u32, zero: u32) -> f32 {
  let bits = f_bits(x, zero);
  let large = (bits & F_SIZE) > 0x48000000u; // |x| > 2^17, or NaN
  let v = select(bitcast<f32>(bits), 0.0, large);
  let shifted = bitcast<u32>(math_mad_any(v, F_TWO_OVER_PI, MATH_MAGIC, zero)) ^ zero;
  let n = bitcast<f32>(shifted) - MATH_MAGIC;
  var r = v - math_opaque(n * F_HALF_PI_0, zero);
  r = r - math_opaque(n * F_HALF_PI_1, zero);
  r = r - math_opaque(n * F_HALF_PI_2, zero);
  let part = math_opaque(n * F_HALF_PI_3, zero);
  let high = math_opaque(r - part, zero);
  let lost = math_opaque(r - high, zero) - part;
  r = high - (math_opaque(n * F_HALF_PI_4, zero) - lost);
  let t = r * r;
  var p = math_mad_any(t, F_SIN_0, F_SIN_1, zero);
  p = math_mad(p, t, F_SIN_2, zero);
  let sine = math_mad(r * t, p, r, zero);
  var q = math_mad_any(t, F_COS_0, F_COS_1, zero);
  q = math_mad(q, t, F_COS_2, zero);
  let cosine = 1.0 - (math_opaque(0.5 * t, zero) - math_opaque(t * t * q, zero));
  let quarter = shifted + turn;
  let y = select(bitcast<u32>(sine), bitcast<u32>(cosine), (quarter & 1u) == 1u) ^ ((quarter & 2u) * 0x40000000u);
  return bitcast<f32>(select(y, F_NAN, large));
}
