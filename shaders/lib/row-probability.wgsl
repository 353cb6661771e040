// Probabilities of single classes, given the finished state of their row; share = 1 / S.

// Of four classes whose logits, like the peak, are below 2^126; d = logit - peak.
fn row_probability_calm(d: vec4<f32>, share: f32) -> vec4<f32> {
  let t = max(d, vec4<f32>(params.floor * 1.02)) * params.rate;
  return select(vec4<f32>(0.0), math_exp4(t, params.zero) * share, t > vec4<f32>(-87.33));
}

// Of a class with a finite or -inf logit in a row that has a distribution.
fn row_probability(r: Row, bits: u32, share: f32) -> f32 {
  if bits == 0xff800000u { return 0.0; }
  let t = max(bitcast<f32>(bits) * 0.25 - r.peak * 0.25, params.floor * 0.255) * (4.0 * params.rate);
  return select(0.0, math_exp(t, params.zero) * share, t > -87.33);
}
