// The upper tail of the standard normal, inverted: what quantiles of numbers and of random words share. The constants are
// written in front of it by src/arithmetic/normal-tail-wgsl.ts.
//
// include: lib/math.wgsl, lib/mad.wgsl

// The normal that is exceeded with probability u = 1/2 - d, r = sqrt(-2 log u).
fn normal_tail(d: f32, u: f32, r: f32, zero: u32) -> f32 {
  return select(normal_far(r, zero), normal_near(d, zero), u > 0.1);
}

// For u > 0.1: d times a rational function of d^2 (relative error 1e-8).
fn normal_near(d: f32, zero: u32) -> f32 {
  let t = math_mad(d, d, -0.08, zero);
  var a = math_mad_any(t, NORMAL_TOP_0, NORMAL_TOP_1, zero);
  a = math_mad(a, t, NORMAL_TOP_2, zero);
  a = math_mad(a, t, NORMAL_TOP_3, zero);
  var b = math_mad_any(t, NORMAL_BOTTOM_0, NORMAL_BOTTOM_1, zero);
  b = math_mad(b, t, NORMAL_BOTTOM_2, zero);
  b = math_mad(b, t, NORMAL_BOTTOM_3, zero);
  return d * (a / b);
}

// For u <= 0.1: r less a rational function of r (6e-9, to u = 2^-126).
fn normal_far(r: f32, zero: u32) -> f32 {
  var c = math_mad_any(r, TAIL_TOP_0, TAIL_TOP_1, zero);
  c = math_mad(c, r, TAIL_TOP_2, zero);
  c = math_mad(c, r, TAIL_TOP_3, zero);
  var e = math_mad_any(r, TAIL_BOTTOM_0, TAIL_BOTTOM_1, zero);
  e = math_mad(e, r, TAIL_BOTTOM_2, zero);
  e = math_mad(e, r, TAIL_BOTTOM_3, zero);
  e = math_mad(e, r, TAIL_BOTTOM_4, zero);
  return r - c / e;
}
