// The other row has a word for each element.
alias OtherWords = u32;

// Four values of the other row from element `at`; those past the row's end are not looked at.
fn pair_load(at: u32) -> vec4<u32> {
  return vec4<u32>(other[at], other[at + 1u], other[at + 2u], other[at + 3u]);
}
