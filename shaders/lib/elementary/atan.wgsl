// atan(x), within 2 ULP: of |x|, (|x| - 1) / (|x| + 1) and pi / 4, or -1 / |x| and pi / 2, whichever is at most tan(pi / 8)
// in size, by a minimax polynomial (relative error 7e-10).
fn f_atan(x: f32, zero: u32) -> f32 {
  let bits = f_bits(x, zero);
  let a = bitcast<f32>(bits & F_SIZE);
  let steep = a > 2.41421366;
  let middle = a > 0.414213568;
  let top = select(select(a, a - 1.0, middle), -1.0, steep);
  let s = top / select(select(1.0, a + 1.0, middle), a, steep);
  let t = s * s;
  var p = f_mad(t, -0.0609005243, 0.105991684, zero);
  p = f_mad(p, t, -0.14244391, zero);
  p = f_mad(p, t, 0.199985281, zero);
  p = f_mad(p, t, -0.333333164, zero);
  let low = select(select(0.0, -2.18556941e-8, middle), -4.37113883e-8, steep);
  let high = select(select(0.0, 0.785398185, middle), 1.57079637, steep);
  let y = high + math_opaque(s + math_opaque(f_mad(s * t, p, low, zero), zero), zero);
  return f_of_number(bitcast<u32>(y) | (bits & F_SIGN), bits);
}
