// The complementary error function, within 5 ULP until it would be subnormal (9.19), and 0 from there.
fn f_erfc(x: f32, zero: u32) -> f32 {
  let bits = f_bits(x, zero);
  let size = bits & F_SIZE;
  let a = bitcast<f32>(select(size, 0x41200000u, size > 0x41200000u));
  let far = f_erfc_far(select(a, 0.75, a < 0.75), zero);
  let beyond = select(far, 2.0 - far, bits >= F_SIGN);
  let near = 1.0 - f_erf_near(select(bitcast<f32>(bits), 0.0, a >= 0.75), zero);
  return f_of_number(bitcast<u32>(select(beyond, near, a < 0.75)), bits);
}
