// f - log(1 + f) for sqrt(1/2) <= 1 + f <= sqrt(2), by s = f / (2 + f) and a minimax polynomial in s^2: with R =
// 2 atanh(s) - 2 s over s, log(1 + f) = f - f^2 / 2 + s (f^2 / 2 + R).
fn f_log_rest(f: f32, zero: u32) -> f32 {
  let s = f / (2.0 + f);
  let t = s * s;
  var p = math_mad_any(t, F_LOG_0, F_LOG_1, zero);
  p = math_mad(p, t, F_LOG_2, zero);
  let half = math_opaque(0.5 * f * f, zero);
  return half - math_opaque(s * (half + math_opaque(t * p, zero)), zero);
}

// log(2^n (1 + f) + …) where `low` is the share of what 2^n (1 + f) leaves out.
fn f_log_sum(n: f32, f: f32, low: f32, zero: u32) -> f32 {
  let rest = f_log_rest(f, zero) - (math_opaque(n * MATH_LN2_LOW, zero) + low);
  return math_opaque(n * MATH_LN2_HIGH, zero) + (f - rest);
}
