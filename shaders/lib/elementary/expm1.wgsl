// exp(x) - 1, within 2 ULP: near 2^n + (2^n - 1), where near = exp(r) - 1 by a minimax polynomial (relative error 2e-10).
fn f_expm1(x: f32, zero: u32) -> f32 {
  let bits = f_bits(x, zero);
  let t = select(select(bitcast<f32>(bits), 89.0, x > 89.0), -20.0, x < -20.0);
  let shifted = bitcast<u32>(math_mad_any(t, MATH_LOG2E, MATH_MAGIC, zero)) ^ zero;
  let n = bitcast<f32>(shifted) - MATH_MAGIC;
  let r = (t - math_opaque(n * MATH_LN2_HIGH, zero)) - math_opaque(n * MATH_LN2_LOW, zero);
  var p = math_mad_any(r, F_EXPM1_0, F_EXPM1_1, zero);
  p = math_mad(p, r, F_EXPM1_2, zero);
  p = math_mad(p, r, F_EXPM1_3, zero);
  p = math_mad(p, r, F_EXPM1_4, zero);
  p = math_mad(p, r, F_EXPM1_5, zero);
  let near = math_mad(r * r, p, r, zero);
  // Half of 2^n, because 2^128 is no f32.
  let half = bitcast<f32>(shifted * 0x800000u + 0x3f000000u);
  let far = (math_opaque(near * half, zero) + (half - 0.5)) * 2.0;
  let tiny = (bits & F_SIZE) < 0x3e800000u; // |x| < 1/4, where n is 0
  let y = select(bitcast<u32>(far), bitcast<u32>(select(near, bitcast<f32>(bits), (bits & F_SIZE) < 0x33000000u)), tiny);
  return f_of_number(select(y, F_INFINITY, x > F_EXP_LARGEST), bits);
}
