// What kernels over pairs of unimix categoricals share: p = keep softmax(posterior) + share, and q the same of `prior`, with
// keep = 1 - unimix and share = unimix / classes. So p and q are never below `share`, and their logarithms are tame.
//
// include: lib/math.wgsl

const LATENT_LOWEST = -0x1.fffffep+127f; // stands for the maximum of nothing: WGSL may assume infinities away
const LATENT_FLOOR = -86.0;

struct Latent {
  peaks: vec2<f32>, // largest logit of posterior and prior
  sums: vec2<f32>,  // their sums of exp(logit - peak)
  wrong: bool,      // a NaN or +Inf, or no finite logit
}

// The sums of one categorical, of `classes` logits from `start` on.
fn latent_read(start: u32, classes: u32) -> Latent {
  var peaks = vec2<f32>(LATENT_LOWEST);
  var wrong = vec2<bool>(false);
  var seen = vec2<bool>(false);
  for (var c = 0u; c < classes; c += 1u) {
    let logits = vec2<f32>(posterior[start + c], prior[start + c]);
    let bits = bitcast<vec2<u32>>(logits);
    let size = bits & vec2<u32>(0x7fffffffu);
    wrong = wrong | (size > vec2<u32>(0x7f800000u)) | (bits == vec2<u32>(0x7f800000u));
    let finite = size < vec2<u32>(0x7f800000u);
    seen = seen | finite;
    peaks = select(peaks, logits, (logits > peaks) & finite);
  }
  var sums = vec2<f32>(0.0);
  for (var c = 0u; c < classes; c += 1u) {
    sums += latent_exp(vec2<f32>(posterior[start + c], prior[start + c]) - peaks);
  }
  return Latent(peaks, sums, any(wrong | !seen));
}

fn latent_exp(t: vec2<f32>) -> vec2<f32> {
  let safe = select(t, vec2<f32>(LATENT_FLOOR), t < vec2<f32>(LATENT_FLOOR));
  return vec2<f32>(math_exp(safe.x, params.zero), math_exp(safe.y, params.zero));
}

// The softmaxes of class c, before they are mixed.
fn latent_softmax(s: Latent, at: u32) -> vec2<f32> {
  return latent_exp(vec2<f32>(posterior[at], prior[at]) - s.peaks) / s.sums;
}

fn latent_mixed(softmaxes: vec2<f32>) -> vec2<f32> {
  return params.keep * softmaxes + vec2<f32>(params.share);
}
