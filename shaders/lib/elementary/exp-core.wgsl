// y 2^n, |n| <= 250, of n modulo 2^22, in two steps because 2^n alone may overflow.
fn f_scale(y: f32, n: u32) -> f32 {
  let half = (n * 0x400000u) & 0xff800000u; // floor(n / 2) where an exponent stands
  return (y * bitcast<f32>(half + 0x3f800000u)) * bitcast<f32>(n * 0x800000u - half + 0x3f800000u);
}

// exp(high + low) for -106 <= high <= 89 and |low| <= 0.1: n ln 2 + r in two parts (Cody and Waite), and a minimax
// polynomial for exp(r), |r| <= ln(2) / 2 (relative error 3e-9; 3e-8 with the low part's excess).
fn f_exp_sum(high: f32, low: f32, zero: u32) -> f32 {
  let shifted = bitcast<u32>(math_mad_any(high, MATH_LOG2E, MATH_MAGIC, zero)) ^ zero;
  let n = bitcast<f32>(shifted) - MATH_MAGIC;
  let r = (high - math_opaque(n * MATH_LN2_HIGH, zero)) + (low - math_opaque(n * MATH_LN2_LOW, zero));
  var p = math_mad_any(r, F_EXP_0, F_EXP_1, zero);
  p = math_mad(p, r, F_EXP_2, zero);
  p = math_mad(p, r, F_EXP_3, zero);
  p = math_mad(p, r, F_EXP_4, zero);
  // The barrier keeps 1 + … from being summed in another order (Mesa does).
  return f_scale(math_opaque(math_mad(r * r, p, r, zero), zero) + 1.0, shifted);
}
