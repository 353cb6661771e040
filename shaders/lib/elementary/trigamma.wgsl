// The second derivative of log gamma(x), within 3 ULP for x > 0; of 0 it is Inf, below 0 NaN.
//
// From 2 on the asymptotic a + a^2 (1/2 + a Q(a^2)), a = 1 / x, Q minimax (relative error 4e-9 of the sum); below 2 that of
// x + 2, and 1 / x^2 + 1 / (x + 1)^2. All terms are positive.
fn f_trigamma(x: f32, zero: u32) -> f32 {
  let bits = f_bits(x, zero);
  let v = bitcast<f32>(select(bits, 0x3f800000u, bits - 1u >= 0x7f7fffffu)); // 1 where x is no positive number
  let low = v < 2.0;
  let a = 1.0 / select(v, math_opaque(v + 2.0, zero), low);
  let t = a * a;
  var p = math_mad_any(t, F_TRIGAMMA_0, F_TRIGAMMA_1, zero);
  p = math_mad(p, t, F_TRIGAMMA_2, zero);
  p = math_mad(p, t, F_TRIGAMMA_3, zero);
  p = math_mad(p, t, F_TRIGAMMA_4, zero);
  let far = a + math_opaque(t * math_mad(a, p, 0.5, zero), zero);
  let w = math_opaque(v * 0x1p32, zero); // whose square is subnormal only where the result is Inf
  let s = math_opaque(1.0 + v, zero);
  let near = 0x1p64 / (w * w) + math_opaque(1.0 / (s * s) + far, zero);

  var y = f_bits(select(far, near, low), zero);
  y = select(y, 0u, bits == F_INFINITY);
  y = select(y, F_NAN, bits > F_SIGN);
  return f_of_number(select(y, F_INFINITY, (bits & F_SIZE) == 0u), bits);
}
