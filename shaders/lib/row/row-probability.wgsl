// The probability of one class, given the finished state of its row. A logit of -inf gives 0.
//
// FUSED, exp(d) / S is 2^(x * power - offset) * scale: the product and difference are rounded once, and what rounding the offset loses, which is the
// same for all of the row, is in the scale. Rows too large for that (`far`) and other machines take our own exp.

struct Share {
  peak: f32,
  lowest: f32, // differences below it have probability 0: log(2^-126) / rate
  rate: f32,
  share: f32,  // 1 / S
  power: f32,  // rate * log2(e)
  offset: f32, // peak * power
  scale: f32,
  far: bool,
  zero: u32,
}

fn row_share(r: Row) -> Share {
  let share = 1.0 / (r.ties + r.rest);
  let power = params.rate * MATH_LOG2E;
  let offset = r.peak * power;
  var scale = share;
  if FUSED { scale *= exp2(-fma(r.peak, power, -offset)); }
  let far = !FUSED | !(abs(offset) <= 0x1p20);
  return Share(r.peak, params.floor * 1.01554, params.rate, share, power, offset, scale, far, params.zero);
}

fn row_probability(x: f32, s: Share) -> f32 {
  let d = x - s.peak;
  let none = d < s.lowest;
  return math_exp(select(d, s.lowest, none) * s.rate, s.zero) * select(s.share, 0.0, none);
}

// Of rows that are not far.
fn row_probability_fused(x: f32, s: Share) -> f32 {
  return exp2(fma(x, s.power, -s.offset)) * s.scale;
}

fn row_probability4(v: vec4<f32>, s: Share) -> vec4<f32> {
  if FUSED {
    if !s.far { return row_probability4_fused(v, s); }
  }
  return vec4<f32>(row_probability(v.x, s), row_probability(v.y, s), row_probability(v.z, s), row_probability(v.w, s));
}

fn row_probability4_fused(v: vec4<f32>, s: Share) -> vec4<f32> {
  return vec4<f32>(
    row_probability_fused(v.x, s), row_probability_fused(v.y, s), row_probability_fused(v.z, s), row_probability_fused(v.w, s));
}
