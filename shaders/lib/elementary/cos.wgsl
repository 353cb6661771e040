// cos(x), x in radians, for |x| <= 2^17 within 2 units of 2^-23 max(|cos x|, 2^-12) — 2 ULP of the cosine, or of 2^-12
// where it is smaller. Beyond 2^17 it is NaN: neighbouring arguments are then further apart than 2^-6.
fn f_cos(x: f32, zero: u32) -> f32 {
  return f_sin_quarters(x, 1u, zero);
}
