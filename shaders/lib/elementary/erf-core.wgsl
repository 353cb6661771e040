// erf(x) for |x| < 0.75 (minimax in x^2, relative error 2e-9).
fn f_erf_near(x: f32, zero: u32) -> f32 {
  let t = x * x;
  var p = math_mad_any(t, F_ERF_0, F_ERF_1, zero);
  p = math_mad(p, t, F_ERF_2, zero);
  p = math_mad(p, t, F_ERF_3, zero);
  p = math_mad(p, t, F_ERF_4, zero);
  p = math_mad(p, t, F_ERF_5, zero); // 2 / sqrt(pi) less its f32
  p = select(p, 0.0, (bitcast<u32>(x) & F_SIZE) < 0x0d800000u); // below 2^-100 the product may be subnormal
  return math_opaque(x * F_TWO_OVER_ROOT_PI, zero) + math_opaque(x * p, zero);
}

// erfc(a) for 0.75 <= a <= 10.2: exp(-a^2) with the square in two parts, times exp(a^2) erfc(a) (1 + 2 a) by a
// minimax polynomial in (a - 2) / (a + 2) (relative error 2e-9), over 1 + 2 a.
fn f_erfc_far(a: f32, zero: u32) -> f32 {
  let s = (a - 2.0) / (a + 2.0);
  var p = math_mad_any(s, F_ERFC_0, F_ERFC_1, zero);
  p = math_mad(p, s, F_ERFC_2, zero);
  p = math_mad(p, s, F_ERFC_3, zero);
  p = math_mad(p, s, F_ERFC_4, zero);
  p = math_mad(p, s, F_ERFC_5, zero);
  p = math_mad(p, s, F_ERFC_6, zero);
  p = math_mad(p, s, F_ERFC_7, zero);
  p = math_mad(p, s, F_ERFC_8, zero);
  let top = bitcast<f32>(bitcast<u32>(a) & 0xfffff000u);
  let rest = (top - a) * (top + a);
  let y = f_exp_sum(-math_opaque(top * top, zero), math_opaque(rest, zero), zero) * (p / ((1.0 + a) + a));
  return bitcast<f32>(f_bits(y, zero));
}
