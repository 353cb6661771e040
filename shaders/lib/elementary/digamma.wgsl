// The derivative of log gamma(x), within 3 ULP for x > 0, also near its root; of 0 it is -Inf, below 0 NaN.
//
// From 2 on the asymptotic log x - 1 / (2 x) - t Q(t), t = 1 / x^2, Q minimax (relative error 5e-9). On [1, 2] u P(u) with
// u = x less the root, in two parts, and P minimax (relative error 2e-8); below 1 that of x + 1, less 1 / x.
fn f_digamma(x: f32, zero: u32) -> f32 {
  let bits = f_bits(x, zero);
  let v = bitcast<f32>(select(bits, 0x3f800000u, bits - 1u >= 0x7f7fffffu)); // 1 where x is no positive number
  let far = v >= 2.0;
  let low = v < 1.0;
  let r = 1.0 / v;

  let inverse = select(r, 0.5, !far);
  let t = inverse * inverse;
  var q = math_mad_any(t, F_DIGAMMA_FAR_0, F_DIGAMMA_FAR_1, zero);
  q = math_mad(q, t, F_DIGAMMA_FAR_2, zero);
  q = math_mad(q, t, F_DIGAMMA_FAR_3, zero);
  let below = math_opaque(0.5 * inverse, zero) + math_opaque(t * q, zero);
  let word = bitcast<u32>(v) ^ zero;
  let exponent = (word - 0x3f3504f3u) & 0xff800000u;
  let f = bitcast<f32>(word - exponent) - 1.0;
  let large = math_opaque(f_log_sum(f32(i32(exponent)) * 0x1p-23, f, 0.0, zero), zero) - below;

  let root = select(F_DIGAMMA_ROOT, F_DIGAMMA_ROOT - 1.0, low);
  let u = math_opaque(select(v, 1.0, far) - root, zero) - F_DIGAMMA_ROOT_LOW;
  var p = math_mad_any(u, F_DIGAMMA_0, F_DIGAMMA_1, zero);
  p = math_mad(p, u, F_DIGAMMA_2, zero);
  p = math_mad(p, u, F_DIGAMMA_3, zero);
  p = math_mad(p, u, F_DIGAMMA_4, zero);
  p = math_mad(p, u, F_DIGAMMA_5, zero);
  p = math_mad(p, u, F_DIGAMMA_6, zero);
  p = math_mad(p, u, F_DIGAMMA_7, zero);
  p = math_mad(p, u, F_DIGAMMA_8, zero);
  p = math_mad(p, u, F_DIGAMMA_9, zero);
  p = math_mad(p, u, F_DIGAMMA_10, zero);
  let small = math_opaque(u * p, zero) - select(0.0, r, low);

  var y = bitcast<u32>(select(small, large, far));
  y = select(y, F_INFINITY, bits == F_INFINITY);
  y = select(y, F_NAN, bits > F_SIGN);
  return f_of_number(select(y, F_INFINITY | F_SIGN, (bits & F_SIZE) == 0u), bits);
}
