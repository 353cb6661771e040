// y has two words for each four halves (lib/halves.wgsl; Y_BRAIN: bf16).
alias Results = vec2<u32>;
const ROW_HEADS = false;

// Four values to y[word].
fn row_store_word(word: u32, bits: vec4<u32>) {
  y[word] = halves_narrow4(bits, Y_BRAIN);
}

// Four values to y from element `to`, a multiple of 4.
fn row_store(to: u32, bits: vec4<u32>, left: u32) {
  y[to >> 2u] = halves_narrow4(bits, Y_BRAIN);
}

// One value to y, anywhere, where the others of its word are this invocation's too.
fn row_store_one(at: u32, bits: u32) {
  let word = (at >> 1u) & 1u;
  y[at >> 2u][word] = halves_with(y[at >> 2u][word], at, halves_narrow_one(bits, Y_BRAIN));
}
