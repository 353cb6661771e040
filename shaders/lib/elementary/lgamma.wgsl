// log gamma(x), within 4 ULP for x >= 0, also near its zeros at 1 and 2; of 0 and from 4.08500e36 on it is Inf, below 0 NaN.
//
// From 3.5 on Stirling's (x - 1/2) (log x - 1) + c + Q(1 / x^2) / x (relative error 3e-10). Below, x is 0, 1, 2 or 3 plus z,
// and log gamma(2 + z) = (1 - gamma) z + z^2 S(z), S minimax (relative error 9e-9), plus or minus log w of the factors
// between: 1 / (x (x + 1)), 1 / x, none, x - 1. Near 1 the linear term of log x joins that of the polynomial: -gamma z.
fn f_lgamma(x: f32, zero: u32) -> f32 {
  let bits = f_bits(x, zero);
  let far = bits >= 0x40600000u; // 3.5; also what is no positive number
  let v = bitcast<f32>(select(bits, 0x3f800000u, bits - 1u >= 0x7f7fffffu));
  let tiny = v < 0.5;
  let lower = v < 1.41421354;
  let middle = v < 2.5;
  let z = select(v - select(select(select(3.0, 2.0, middle), 1.0, lower), 0.0, tiny), 0.0, far);
  let square = math_opaque(v * v, zero);
  let shifted = select(select(v - 1.0, 1.0, middle), v, lower | far);
  let w = bitcast<u32>(select(shifted, v + square, tiny)) ^ zero;
  let exponent = (w - 0x3f3504f3u) & 0xff800000u;
  let n = f32(i32(exponent)) * 0x1p-23;
  let f = bitcast<f32>(w - exponent) - 1.0;
  let rest = f_log_rest(f, zero) - math_opaque(n * MATH_LN2_LOW, zero);
  let high = math_opaque(n * MATH_LN2_HIGH, zero);

  let less = math_opaque(high - 1.0, zero) + math_opaque(f - rest, zero); // log x - 1
  let r = 1.0 / select(3.5, v, far);
  let t = r * r;
  var q = math_mad_any(t, F_STIRLING_0, F_STIRLING_1, zero);
  q = math_mad(q, t, F_STIRLING_2, zero);
  let stirling = math_opaque((v - 0.5) * less, zero) + math_opaque(math_mad(q, r, F_STIRLING_END, zero), zero);

  var p = math_mad_any(z, F_LGAMMA_0, F_LGAMMA_1, zero);
  p = math_mad(p, z, F_LGAMMA_2, zero);
  p = math_mad(p, z, F_LGAMMA_3, zero);
  p = math_mad(p, z, F_LGAMMA_4, zero);
  p = math_mad(p, z, F_LGAMMA_5, zero);
  p = math_mad(p, z, F_LGAMMA_6, zero);
  p = math_mad(p, z, F_LGAMMA_7, zero);
  p = math_mad(p, z, F_LGAMMA_8, zero); // 1 - gamma, or -gamma, less its f32
  let curved = math_opaque(p * z, zero) + select(-rest, rest, lower);
  let flat = lower & (v >= 0.707106769);
  let sum = math_opaque(z * select(F_ONE_LESS_EULER, -F_EULER, flat), zero) + math_opaque(curved, zero);
  let linear = select(select(f, -f, lower), 0.0, flat);
  let near = select(high, -high, lower) + math_opaque(linear + math_opaque(sum, zero), zero);

  var y = bitcast<u32>(select(near, stirling, far));
  y = select(y, F_INFINITY, (bits == F_INFINITY) | ((bits & F_SIZE) == 0u));
  return f_of_number(select(y, F_NAN, bits > F_SIGN), bits);
}
