// The other row has a word for each four elements.
alias OtherWords = vec4<u32>;

// Four values of the other row from element `at`, a multiple of 4.
fn pair_load(at: u32) -> vec4<u32> {
  return other[at >> 2u];
}
