// A row's result as bits: infinities and NaN are written, not computed, since WGSL may assume them away.

// The result of a row with quadratic form `q` and log-density `level` at its mean; `top` is the largest magnitude, as
// bits, among its values: NaN if there is one, else the infinite result if there is an infinity.
fn gaussian_value(q: f32, level: f32, top: u32) -> u32 {
  var bits = bitcast<u32>(-0.5 * q + level);
  if ROOT { bits = bitcast<u32>(sqrt(q)); }
  bits = select(bits, select(GAUSSIAN_INFINITY | GAUSSIAN_SIGN, GAUSSIAN_INFINITY, ROOT), top == GAUSSIAN_INFINITY);
  return select(bits, GAUSSIAN_NAN, top > GAUSSIAN_INFINITY);
}
