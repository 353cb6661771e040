// y has a word for each two halves (lib/halves.wgsl; Y_BRAIN: bf16), and rows start and end anywhere in them. A word that two rows, or two
// segments of a row, have a half of each is written by two invocations, each its half, and never a word that is whole's: so a kernel writes
// the first element of a row that starts within a word by itself (ROW_HEADS), and all others from whole words on.
alias Results = atomic<u32>;
const ROW_HEADS = true;

// Four values to y from element `word` on, which starts a word.
fn row_store_word(word: u32, bits: vec4<u32>) {
  row_store(word, bits, 4u);
}

// The first `left` of four values to y from element `to`, which starts a word.
fn row_store(to: u32, bits: vec4<u32>, left: u32) {
  let word = to >> 1u;
  let words = halves_narrow4(bits, Y_BRAIN);
  if left > 1u { atomicStore(&y[word], words.x); }
  if left > 3u { atomicStore(&y[word + 1u], words.y); }
  if left == 1u { row_store_half(to, words.x & 0xffffu); }
  if left == 3u { row_store_half(to + 2u, words.y & 0xffffu); }
}

// One value to y.
fn row_store_one(at: u32, bits: u32) {
  row_store_half(at, halves_narrow_one(bits, Y_BRAIN));
}

// The other half of the word may be another invocation's, which leaves this one alone too.
fn row_store_half(at: u32, half: u32) {
  atomicAnd(&y[at >> 1u], halves_with(0xffffffffu, at, 0u));
  atomicOr(&y[at >> 1u], halves_with(0u, at, half));
}
