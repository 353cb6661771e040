// x has a word for each two halves (lib/halves.wgsl; X_BRAIN: bf16), and rows start and end anywhere in them, or, X_EVEN, start on a
// whole word. Places are counted as in load-scalar.wgsl.
alias Words = u32;
const ROW_QUAD = 4u;

fn row_word(at: u32) -> u32 {
  return at;
}

fn row_load_word(word: u32) -> vec4<u32> {
  return row_load(word);
}

// Four values of x from element `at`; those past the row's end are not looked at.
fn row_load(at: u32) -> vec4<u32> {
  let word = at >> 1u;
  if X_EVEN { return halves_widen4(vec2<u32>(x[word], x[word + 1u]), X_BRAIN); }
  return halves_widen4(halves_from(at, x[word], x[word + 1u], x[word + 2u]), X_BRAIN);
}

fn row_load_one(at: u32) -> u32 {
  return halves_widen_one(x[at >> 1u], at, X_BRAIN);
}
