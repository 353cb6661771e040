// x has two words for each four halves (lib/halves.wgsl; X_BRAIN: bf16), and every part of a row starts and ends on a multiple of four.
// Places are counted as in load-vec4.wgsl.
alias Words = vec2<u32>;
const ROW_QUAD = 1u;

fn row_word(at: u32) -> u32 {
  return at >> 2u;
}

fn row_load_word(word: u32) -> vec4<u32> {
  return halves_widen4(x[word], X_BRAIN);
}

// Four values of x from element `at`, a multiple of 4.
fn row_load(at: u32) -> vec4<u32> {
  return row_load_word(at >> 2u);
}

fn row_load_one(at: u32) -> u32 {
  return halves_widen_one(x[at >> 2u][(at >> 1u) & 1u], at, X_BRAIN);
}
