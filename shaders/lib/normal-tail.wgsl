// The upper tail of the standard normal, inverted: what quantiles of numbers and of random words share. The constants are
// written in front of it by src/arithmetic/normal-tail-wgsl.ts.
//
// include: lib/math.wgsl

// The normal that is exceeded with probability u = 1/2 - d, r = sqrt(-2 log u): near the centre d times a rational
// function of d^2 (relative error 1e-8), and r less a rational function of r in the tail (6e-9, to u = 2^-126).
fn normal_tail(d: f32, u: f32, r: f32, zero: u32) -> f32 {
  let t = math_opaque(d * d, zero) - 0.08;
  var a = math_opaque(t * NORMAL_TOP_0, zero) + NORMAL_TOP_1;
  a = math_opaque(a * t, zero) + NORMAL_TOP_2;
  a = math_opaque(a * t, zero) + NORMAL_TOP_3;
  var b = math_opaque(t * NORMAL_BOTTOM_0, zero) + NORMAL_BOTTOM_1;
  b = math_opaque(b * t, zero) + NORMAL_BOTTOM_2;
  b = math_opaque(b * t, zero) + NORMAL_BOTTOM_3;
  var c = math_opaque(r * TAIL_TOP_0, zero) + TAIL_TOP_1;
  c = math_opaque(c * r, zero) + TAIL_TOP_2;
  c = math_opaque(c * r, zero) + TAIL_TOP_3;
  var e = math_opaque(r * TAIL_BOTTOM_0, zero) + TAIL_BOTTOM_1;
  e = math_opaque(e * r, zero) + TAIL_BOTTOM_2;
  e = math_opaque(e * r, zero) + TAIL_BOTTOM_3;
  e = math_opaque(e * r, zero) + TAIL_BOTTOM_4;
  return select(r - c / e, d * (a / b), u > 0.1);
}
