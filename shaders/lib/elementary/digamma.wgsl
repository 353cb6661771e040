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
  var q = f_mad(t, -0.00182790146, 0.00356101245, zero);
  q = f_mad(q, t, -0.00830007065, zero);
  q = f_mad(q, t, 0.0833323896, zero);
  let below = math_opaque(0.5 * inverse, zero) + math_opaque(t * q, zero);
  let word = bitcast<u32>(v) ^ zero;
  let exponent = (word - 0x3f3504f3u) & 0xff800000u;
  let f = bitcast<f32>(word - exponent) - 1.0;
  let large = math_opaque(f_log_sum(f32(i32(exponent)) * 0x1p-23, f, 0.0, zero), zero) - below;

  let root = select(1.46163213, 0.461632133, low);
  let u = math_opaque(select(v, 1.0, far) - root, zero) - 1.24381501e-8;
  var p = f_mad(u, 0.0119690476, -0.0206526481, zero);
  p = f_mad(p, u, 0.0226816759, zero);
  p = f_mad(p, u, -0.0319260135, zero);
  p = f_mad(p, u, 0.0487877615, zero);
  p = f_mad(p, u, -0.0723267049, zero);
  p = f_mad(p, u, 0.107818007, zero);
  p = f_mad(p, u, -0.163937226, zero);
  p = f_mad(p, u, 0.258500516, zero);
  p = f_mad(p, u, -0.442763239, zero);
  p = f_mad(p, u, 0.967672229, zero);
  let small = math_opaque(u * p, zero) - select(0.0, r, low);

  var y = bitcast<u32>(select(small, large, far));
  y = select(y, F_INFINITY, bits == F_INFINITY);
  y = select(y, F_NAN, bits > F_SIGN);
  return f_of_number(select(y, F_INFINITY | F_SIGN, (bits & F_SIZE) == 0u), bits);
}
