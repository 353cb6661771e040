// x^y, within 3 ULP, with the specials of C99's powf. |x| = 2^n m; log2 |x| and its product with y are sums of two f32
// numbers, of which the first factors have 12 bits, so that products of theirs are exact.
fn f_pow(x: f32, y: f32, zero: u32) -> f32 {
  let x_bits = f_bits(x, zero);
  let y_bits = f_bits(y, zero);
  let x_size = x_bits & F_SIZE;
  let y_size = y_bits & F_SIZE;

  // log2 m = (2 / ln 2) atanh(s), s = (m - 1) / (m + 1) = s1 + s2.
  let exponent = (x_size - 0x3f3504f3u) & 0xff800000u;
  let m = bitcast<f32>(x_size - exponent);
  let f = m - 1.0;
  let g = math_opaque(m + 1.0, zero);
  let g_low = m - math_opaque(g - 1.0, zero);
  let g1 = f_top(g);
  let s1 = f_top(f / g);
  let left = (f - math_opaque(s1 * g1, zero)) - math_opaque(s1 * (g - g1), zero);
  let s2 = (left - math_opaque(s1 * g_low, zero)) / g;
  let s = s1 + s2;
  let t = s * s;
  var p = math_mad_any(t, F_ATANH_0, F_ATANH_1, zero);
  p = math_mad(p, t, F_ATANH_2, zero);
  let rest = math_mad(s * t, p, s2, zero);
  let n = f32(i32(exponent)) * 0x1p-23;
  let product = math_opaque(s1 * F_TWO_LOG2E_HIGH, zero); // 12 bits of 2 / ln 2
  let sum = math_opaque(n + product, zero);
  let error = product - math_opaque(sum - n, zero);
  let low = error + (math_opaque(s1 * F_TWO_LOG2E_LOW, zero) + math_opaque(rest * F_TWO_LOG2E, zero));

  // Times y: beyond 2^32 it makes no difference.
  let v = bitcast<f32>(select(y_bits, (y_bits & F_SIGN) | 0x4f800000u, y_size > 0x4f800000u));
  let high = math_opaque(sum + low, zero);
  let high1 = f_top(high);
  let high2 = math_opaque(high - high1, zero) + (low - math_opaque(high - sum, zero));
  let v1 = f_top(v);
  let z1 = math_opaque(v1 * high1, zero);
  let z2 = math_opaque(v * high2, zero) + math_opaque((v - v1) * high1, zero);
  let z = z1 + z2;

  // 2^(z1 + z2)
  let inside = select(select(z, 160.0, z > 160.0), -160.0, z < -160.0);
  let shifted = bitcast<u32>(inside + MATH_MAGIC) ^ zero;
  let r = (z1 - (bitcast<f32>(shifted) - MATH_MAGIC)) + z2;
  var q = math_mad_any(r, F_EXP2_0, F_EXP2_1, zero);
  q = math_mad(q, r, F_EXP2_2, zero);
  q = math_mad(q, r, F_EXP2_3, zero);
  q = math_mad(q, r, F_EXP2_4, zero);
  q = math_mad(q, r, F_EXP2_5, zero);
  var power = f_bits(f_scale(math_mad(q, r, F_EXP2_6, zero), shifted), zero);
  power = select(power, F_INFINITY, z >= 128.0);
  power = select(power, 0u, z < -127.0);

  let falls = y_bits > F_SIGN;
  power = select(power, select(0u, F_INFINITY, falls), x_size == 0u);
  power = select(power, select(F_INFINITY, 0u, falls), x_size == F_INFINITY);
  let integral = i32(select(v, 0.0, y_size >= 0x4b800000u)); // from 2^24 on, y is even
  let whole = (y_size >= 0x4b800000u) | (f32(integral) == v);
  let odd = whole & ((integral & 1) == 1);
  power = power | select(0u, x_bits & F_SIGN, odd);
  let complex = (x_bits > F_SIGN) & (x_size < F_INFINITY) & !whole;
  power = select(power, F_NAN, complex | (x_size > F_INFINITY) | (y_size > F_INFINITY));
  return bitcast<f32>(select(power, 0x3f800000u, (y_size == 0u) | (x_bits == 0x3f800000u)));
}

// The first 12 of a number's 24 bits.
fn f_top(x: f32) -> f32 {
  return bitcast<f32>(bitcast<u32>(x) & 0xfffff000u);
}
