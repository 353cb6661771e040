// The error function, within 2 ULP.
fn f_erf(x: f32, zero: u32) -> f32 {
  let bits = f_bits(x, zero);
  let size = bits & F_SIZE;
  let a = bitcast<f32>(select(size, 0x41200000u, size > 0x41200000u));
  let near = f_bits(f_erf_near(a, zero), zero);
  let far = bitcast<u32>(1.0 - f_erfc_far(select(a, 0.75, a < 0.75), zero));
  return f_of_number(select(far, near, a < 0.75) | (bits & F_SIGN), bits);
}
