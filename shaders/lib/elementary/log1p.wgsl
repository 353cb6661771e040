// log(1 + x), within 2 ULP: of u = 1 + x rounded, and what the rounding left. log1p(-1) = -Inf, and below it is NaN.
fn f_log1p(x: f32, zero: u32) -> f32 {
  let bits = f_bits(x, zero);
  let v = bitcast<f32>(bits);
  let u = math_opaque(1.0 + v, zero);
  let left = select(v - math_opaque(u - 1.0, zero), 1.0 - math_opaque(u - v, zero), v >= 1.0);
  let word = bitcast<u32>(u);
  let exponent = (word - 0x3f3504f3u) & 0xff800000u;
  let near = (v > -0.292893) & (v < 0.41421);
  let n = select(f32(i32(exponent)) * 0x1p-23, 0.0, near);
  let f = select(bitcast<f32>(word - exponent) - 1.0, v, near);
  var y = bitcast<u32>(f_log_sum(n, f, select(left / u, 0.0, near), zero));
  y = select(y, bits, ((bits & F_SIZE) < 0x33000000u) | (bits == F_INFINITY));
  y = select(y, F_INFINITY | F_SIGN, bits == 0xbf800000u);
  y = select(y, F_NAN, bits > 0xbf800000u);
  return f_of_number(y, bits);
}
