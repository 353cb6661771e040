// atan(x), within 2 ULP: of |x|, (|x| - 1) / (|x| + 1) and pi / 4, or -1 / |x| and pi / 2, whichever is at most tan(pi / 8)
// in size, by a minimax polynomial (relative error 7e-10).
fn f_atan(x: f32, zero: u32) -> f32 {
  let bits = f_bits(x, zero);
  let a = bitcast<f32>(bits & F_SIZE);
  let steep = a > F_TAN_3_EIGHTHS;
  let middle = a > F_TAN_EIGHTH;
  let top = select(select(a, a - 1.0, middle), -1.0, steep);
  let s = top / select(select(1.0, a + 1.0, middle), a, steep);
  let t = s * s;
  var p = math_mad_any(t, F_ATAN_0, F_ATAN_1, zero);
  p = math_mad(p, t, F_ATAN_2, zero);
  p = math_mad(p, t, F_ATAN_3, zero);
  p = math_mad(p, t, F_ATAN_4, zero);
  let low = select(select(0.0, 0.5 * F_HALF_PI_LOW, middle), F_HALF_PI_LOW, steep);
  let high = select(select(0.0, 0.5 * F_HALF_PI, middle), F_HALF_PI, steep);
  let y = high + math_opaque(s + math_opaque(math_mad(s * t, p, low, zero), zero), zero);
  return f_of_number(bitcast<u32>(y) | (bits & F_SIGN), bits);
}
