// The quantile of the standard normal, within 6 ULP: of 0 it is -Inf, of 1 it is +Inf, outside [0, 1] NaN.
fn f_normalQuantile(p: f32, zero: u32) -> f32 {
  let bits = f_bits(p, zero);
  let v = bitcast<f32>(select(bits, 0x3f000000u, bits - 1u >= 0x3f7fffffu)); // 1/2 where p is not inside (0, 1)
  let u = select(v, 1.0 - v, v > 0.5);
  let z = f_normal_tail(0.5 - u, u, sqrt(f_log(u, zero) * -2.0), zero);
  var y = bitcast<u32>(z) | select(0u, F_SIGN, v < 0.5);
  y = select(y, F_NAN, (bits > 0x3f800000u) & (bits != F_SIGN));
  y = select(y, F_INFINITY, bits == 0x3f800000u);
  return bitcast<f32>(select(y, F_INFINITY | F_SIGN, (bits & F_SIZE) == 0u));
}

// The normal that is exceeded with probability u = 1/2 - d, r = sqrt(-2 log u): the same as in lib/variates.wgsl.
fn f_normal_tail(d: f32, u: f32, r: f32, zero: u32) -> f32 {
  let t = math_opaque(d * d, zero) - 0.08;
  var a = f_mad(t, F_NORMAL_TOP_0, F_NORMAL_TOP_1, zero);
  a = f_mad(a, t, F_NORMAL_TOP_2, zero);
  a = f_mad(a, t, F_NORMAL_TOP_3, zero);
  var b = f_mad(t, F_NORMAL_BOTTOM_0, F_NORMAL_BOTTOM_1, zero);
  b = f_mad(b, t, F_NORMAL_BOTTOM_2, zero);
  b = f_mad(b, t, F_NORMAL_BOTTOM_3, zero);
  var c = f_mad(r, F_TAIL_TOP_0, F_TAIL_TOP_1, zero);
  c = f_mad(c, r, F_TAIL_TOP_2, zero);
  c = f_mad(c, r, F_TAIL_TOP_3, zero);
  var e = f_mad(r, F_TAIL_BOTTOM_0, F_TAIL_BOTTOM_1, zero);
  e = f_mad(e, r, F_TAIL_BOTTOM_2, zero);
  e = f_mad(e, r, F_TAIL_BOTTOM_3, zero);
  e = f_mad(e, r, F_TAIL_BOTTOM_4, zero);
  return select(r - c / e, d * (a / b), u > 0.1);
}
