// The probability of one class, given the finished state of its row. A logit of -inf gives 0.

struct Share {
  peak: f32,
  lowest: f32, // differences below it have probability 0: log(2^-126) / rate
  rate: f32,
  share: f32,  // 1 / S
  zero: u32,
}

fn row_share(r: Row) -> Share {
  return Share(r.peak, params.floor * 1.01554, params.rate, 1.0 / (r.ties + r.rest), params.zero);
}

fn row_probability(x: f32, s: Share) -> f32 {
  let d = x - s.peak;
  let none = d < s.lowest;
  return math_exp(select(d, s.lowest, none) * s.rate, s.zero) * select(s.share, 0.0, none);
}

fn row_probability4(v: vec4<f32>, s: Share) -> vec4<f32> {
  return vec4<f32>(row_probability(v.x, s), row_probability(v.y, s), row_probability(v.z, s), row_probability(v.w, s));
}
