// Four values to y[word], a word of four elements.
fn row_store_word(word: u32, bits: vec4<u32>) {
  y[word] = bits;
}

// Four values to y from element `to`, a multiple of 4.
fn row_store(to: u32, bits: vec4<u32>, left: u32) {
  y[to >> 2u] = bits;
}
