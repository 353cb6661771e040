// The quantile of the standard normal, within 6 ULP: of 0 it is -Inf, of 1 it is +Inf, outside [0, 1] NaN.
//
// include: lib/normal-tail.wgsl
fn f_normalQuantile(p: f32, zero: u32) -> f32 {
  let bits = f_bits(p, zero);
  let v = bitcast<f32>(select(bits, 0x3f000000u, bits - 1u >= 0x3f7fffffu)); // 1/2 where p is not inside (0, 1)
  let u = select(v, 1.0 - v, v > 0.5);
  let z = normal_tail(0.5 - u, u, sqrt(f_log(u, zero) * -2.0), zero);
  var y = bitcast<u32>(z) | select(0u, F_SIGN, v < 0.5);
  y = select(y, F_NAN, (bits > 0x3f800000u) & (bits != F_SIGN));
  y = select(y, F_INFINITY, bits == 0x3f800000u);
  return bitcast<f32>(select(y, F_INFINITY | F_SIGN, (bits & F_SIZE) == 0u));
}
