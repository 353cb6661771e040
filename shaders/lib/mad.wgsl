// a b + sum, rounded twice, whatever compilers contract or re-associate.
//
// include: lib/math.wgsl

fn math_mad(a: f32, b: f32, sum: f32, zero: u32) -> f32 {
  return math_mad_any(a, b, sum, zero);
}
