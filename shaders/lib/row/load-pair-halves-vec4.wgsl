// The other row has two words for each four halves (lib/halves.wgsl; OTHER_BRAIN: bf16).
alias OtherWords = vec2<u32>;

// Four values of the other row from element `at`, a multiple of 4.
fn pair_load(at: u32) -> vec4<u32> {
  return halves_widen4(other[at >> 2u], OTHER_BRAIN);
}
