// cos(2 pi x), within 2 ULP for every finite x; NaN for the others.
fn f_cosTurns(x: f32, zero: u32) -> f32 {
  return f_sin_turns(x, 1u, zero);
}
