// The probability of one class, given the finished state of its row; share = 1 / S. A logit of -inf gives 0.
fn row_probability(peak: f32, x: f32, share: f32) -> f32 {
  let d = x * 0.25 - peak * 0.25; // in quarters, so that it cannot overflow
  let lowest = params.floor * 0.25375; // -87.29 / rate
  let t = math_larger(d, lowest) * (4.0 * params.rate);
  return select(0.0, math_exp(t, params.zero) * share, d > lowest);
}

fn row_probability4(peak: f32, v: vec4<f32>, share: f32) -> vec4<f32> {
  return vec4<f32>(row_probability(peak, v.x, share), row_probability(peak, v.y, share),
    row_probability(peak, v.z, share), row_probability(peak, v.w, share));
}
