// lib/mad.wgsl in one operation less, for GPUs of which the self-test has found (`numerics.fma`) that it holds there: a factor
// of 1 that no compiler knows stands between the product and the sum.
//
// Neither a nor b may be a constant: Mesa moves those outwards through products, and so into the fused one.

fn math_mad(a: f32, b: f32, sum: f32, zero: u32) -> f32 {
  return fma(a * b, bitcast<f32>(zero ^ 0x3f800000u), sum);
}
