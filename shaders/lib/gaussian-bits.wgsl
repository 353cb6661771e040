// NaN and infinities as bits, since WGSL may assume that arithmetic meets neither.

const GAUSSIAN_MAGNITUDE = 0x7fffffffu;
const GAUSSIAN_INFINITY = 0x7f800000u;
const GAUSSIAN_NAN = 0x7fc00000u;
const GAUSSIAN_SIGN = 0x80000000u;

// A derivative as bits, given the value that it belongs to and the largest magnitude among value and mean, as bits: NaN
// and infinities pass through.
fn gaussian_slope(slope: f32, value: u32, top: u32) -> u32 {
  let special = select(GAUSSIAN_INFINITY | (value & GAUSSIAN_SIGN), GAUSSIAN_NAN, top > GAUSSIAN_INFINITY);
  return select(bitcast<u32>(slope), special, top >= GAUSSIAN_INFINITY);
}
