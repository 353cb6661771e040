// Words that say how much of something there is: f32 from 0 to 1 (FRACTIONS), or integer flags, of which all but 0 are 1.

fn fraction_of(word: u32) -> f32 {
  if FRACTIONS { return bitcast<f32>(word); }
  return select(0.0, 1.0, word != 0u);
}

// Whether an f32 is below 0, above 1 or NaN, by its bits: -0 is 0.
fn fraction_is_bad(word: u32) -> bool {
  return FRACTIONS & (word > 0x3f800000u) & (word != 0x80000000u);
}
