// x has a word for each four elements, and every part of a row starts and ends on a multiple of four: where element `at`, a multiple of
// 4, is, and how far the next quad. A quad is one load.
alias Words = vec4<u32>;
const ROW_QUAD = 1u;

fn row_word(at: u32) -> u32 {
  return at >> 2u;
}

fn row_load_word(word: u32) -> vec4<u32> {
  return x[word];
}

// Four values of x from element `at`, a multiple of 4.
fn row_load(at: u32) -> vec4<u32> {
  return x[at >> 2u];
}

fn row_load_one(at: u32) -> u32 {
  return x[at >> 2u][at & 3u];
}
