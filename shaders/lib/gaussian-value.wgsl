// A row's result as bits: infinities and NaN are written, not computed, since WGSL may assume them away.

// The log-density of a row with quadratic form `q` and log-density `level` at its mean; `top` is the largest magnitude, as
// bits, among its values: NaN if there is one, else the infinite result if there is an infinity.
fn gaussian_value(q: f32, level: f32, top: u32) -> u32 {
  return gaussian_special(bitcast<u32>(-0.5 * q + level), GAUSSIAN_INFINITY | GAUSSIAN_SIGN, top);
}

// The distance sqrt(q) of a row whose squares are also summed in units of 2^80 (far) and of 2^-80 (near), for where q leaves
// f32 or is of squares that have vanished.
fn gaussian_distance(q: f32, far: f32, near: f32, top: u32) -> u32 {
  let fine = bitcast<u32>(q) - 0x17800000u <= 0x7b800000u - 0x17800000u; // 2^-80 to 2^120
  let apart = select(sqrt(far) * 0x1p80, sqrt(near) * 0x1p-80, q < 1.0);
  return gaussian_special(bitcast<u32>(select(apart, sqrt(q), fine)), GAUSSIAN_INFINITY, top);
}

fn gaussian_special(bits: u32, infinite: u32, top: u32) -> u32 {
  return select(select(bits, infinite, top == GAUSSIAN_INFINITY), GAUSSIAN_NAN, top > GAUSSIAN_INFINITY);
}

const GAUSSIAN_80 = 80u << 23u; // of an exponent

// (z 2^-80)^2, by the exponents, because compilers may join the factors of a product; what is below 2^-47 counts as 0.
fn gaussian_far(z: vec4<f32>) -> vec4<f32> {
  let bits = bitcast<vec4<u32>>(z) & vec4<u32>(GAUSSIAN_MAGNITUDE);
  let less = max(bits, vec4<u32>(GAUSSIAN_80)) - GAUSSIAN_80;
  let scaled = bitcast<vec4<f32>>(select(less, bits, bits >= vec4<u32>(GAUSSIAN_INFINITY)));
  return scaled * scaled;
}

// (z 2^80)^2; what is above 2^-30 counts as that.
fn gaussian_near(z: vec4<f32>) -> vec4<f32> {
  let bits = bitcast<vec4<u32>>(z) & vec4<u32>(GAUSSIAN_MAGNITUDE);
  let more = min(bits, vec4<u32>(0x30800000u)) + GAUSSIAN_80;
  let scaled = bitcast<vec4<f32>>(select(vec4<u32>(0u), more, bits >= vec4<u32>(0x00800000u)));
  return scaled * scaled;
}
