// tanh(x), within 2 ULP: a minimax polynomial for |x| < 0.625 (relative error 5e-9), 1 - 2 / (exp(2 |x|) + 1) beyond.
fn f_tanh(x: f32, zero: u32) -> f32 {
  let bits = f_bits(x, zero);
  let size = bitcast<f32>(bits & F_SIZE);
  let a = select(size, 10.0, (bits & F_SIZE) > 0x41200000u);
  let t = a * a;
  var p = math_mad_any(t, F_TANH_0, F_TANH_1, zero);
  p = math_mad(p, t, F_TANH_2, zero);
  p = math_mad(p, t, F_TANH_3, zero);
  p = math_mad(p, t, F_TANH_4, zero);
  let near = math_mad(a * t, p, a, zero);
  let far = 1.0 - 2.0 / (f_exp_sum(a + a, 0.0, zero) + 1.0);
  let y = select(bitcast<u32>(far), bitcast<u32>(near), a < 0.625);
  return f_of_number(select(y, bits & F_SIZE, a < 0.000244140625) | (bits & F_SIGN), bits);
}
