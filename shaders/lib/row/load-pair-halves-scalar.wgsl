// The other row has a word for each two halves (lib/halves.wgsl; OTHER_BRAIN: bf16).
alias OtherWords = u32;

// Four values of the other row from element `at`; those past the row's end are not looked at.
fn pair_load(at: u32) -> vec4<u32> {
  let word = at >> 1u;
  return halves_widen4(halves_from(at, other[word], other[word + 1u], other[word + 2u]), OTHER_BRAIN);
}
