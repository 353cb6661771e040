// y has a word for each two halves (lib/halves.wgsl; Y_BRAIN: bf16), and every row starts and ends on a whole word.
alias Results = u32;
const ROW_HEADS = false;

// Four values to y from element `word` on.
fn row_store_word(word: u32, bits: vec4<u32>) {
  row_store(word, bits, 4u);
}

// The first `left`, 2 or 4, of four values to y from element `to`.
fn row_store(to: u32, bits: vec4<u32>, left: u32) {
  let words = halves_narrow4(bits, Y_BRAIN);
  y[to >> 1u] = words.x;
  if left > 2u { y[(to >> 1u) + 1u] = words.y; }
}

// One value to y, where the other of its word is this invocation's too.
fn row_store_one(at: u32, bits: u32) {
  y[at >> 1u] = halves_with(y[at >> 1u], at, halves_narrow_one(bits, Y_BRAIN));
}
