// x has a word for each element, and rows start and end anywhere: where element `at` is, and how far the next quad. A quad is four loads.
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
  return vec4<u32>(x[at], x[at + 1u], x[at + 2u], x[at + 3u]);
}

fn row_load_one(at: u32) -> u32 {
  return x[at];
}
