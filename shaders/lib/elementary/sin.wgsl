// sin(x), x in radians, for |x| <= 2^17 within 2 units of 2^-23 max(|sin x|, 2^-12) — 2 ULP of the sine, or of 2^-12 where
// it is smaller. Beyond 2^17 it is NaN: neighbouring arguments are then further apart than 2^-6.
fn f_sin(x: f32, zero: u32) -> f32 {
  let bits = f_bits(x, zero);
  return bitcast<f32>(select(bitcast<u32>(f_sin_quarters(x, 0u, zero)), bits, (bits & F_SIZE) < 0x39000000u));
}
