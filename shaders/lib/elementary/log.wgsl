// log(x), within 2 ULP: x = 2^n (1 + f). log(0) = -Inf, and below 0 it is NaN.
fn f_log(x: f32, zero: u32) -> f32 {
  let bits = f_bits(x, zero);
  let exponent = (bits - 0x3f3504f3u) & 0xff800000u;
  let f = bitcast<f32>(bits - exponent) - 1.0;
  var y = bitcast<u32>(f_log_sum(f32(i32(exponent)) * 0x1p-23, f, 0.0, zero));
  y = select(y, F_INFINITY, bits == F_INFINITY);
  y = select(y, F_NAN, bits > F_SIGN);
  y = select(y, F_INFINITY | F_SIGN, (bits & F_SIZE) == 0u);
  return f_of_number(y, bits);
}
