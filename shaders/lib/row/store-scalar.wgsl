// y has a word for each element.
alias Results = u32;
const ROW_HEADS = false;

// Four values to y from element `word` on.
fn row_store_word(word: u32, bits: vec4<u32>) {
  y[word] = bits.x;
  y[word + 1u] = bits.y;
  y[word + 2u] = bits.z;
  y[word + 3u] = bits.w;
}

// The first `left` of four values to y from element `to`.
fn row_store(to: u32, bits: vec4<u32>, left: u32) {
  y[to] = bits.x;
  if left > 1u { y[to + 1u] = bits.y; }
  if left > 2u { y[to + 2u] = bits.z; }
  if left > 3u { y[to + 3u] = bits.w; }
}

// One value to y.
fn row_store_one(at: u32, bits: u32) {
  y[at] = bits;
}
