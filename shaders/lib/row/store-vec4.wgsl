// y has a word for each four elements.
alias Results = vec4<u32>;
const ROW_HEADS = false;

// Four values to y[word].
fn row_store_word(word: u32, bits: vec4<u32>) {
  y[word] = bits;
}

// Four values to y from element `to`, a multiple of 4.
fn row_store(to: u32, bits: vec4<u32>, left: u32) {
  y[to >> 2u] = bits;
}

// One value to y, anywhere.
fn row_store_one(at: u32, bits: u32) {
  y[at >> 2u][at & 3u] = bits;
}
