// Sobol words and their scramble: twins of src/random/sobol.ts and owen.ts. What includes this declares
//   var<storage, read> directions: array<u32>
// with 32 words for each coordinate, as sobolDirections() gives them.

// word XOR the directions from `at` on that the last eight bits of `bits` choose. Written out, because software GPUs
// take three times as long over a loop.
fn sobol_octet(word: u32, bits: u32, at: u32) -> u32 {
  var x = word;
  x ^= select(0u, directions[at], (bits & 1u) != 0u);
  x ^= select(0u, directions[at + 1u], (bits & 2u) != 0u);
  x ^= select(0u, directions[at + 2u], (bits & 4u) != 0u);
  x ^= select(0u, directions[at + 3u], (bits & 8u) != 0u);
  x ^= select(0u, directions[at + 4u], (bits & 16u) != 0u);
  x ^= select(0u, directions[at + 5u], (bits & 32u) != 0u);
  x ^= select(0u, directions[at + 6u], (bits & 64u) != 0u);
  x ^= select(0u, directions[at + 7u], (bits & 128u) != 0u);
  return x;
}

// Coordinate `coordinate` of point `index`.
fn sobol_word(index: u32, coordinate: u32) -> u32 {
  let at = coordinate * 32u;
  var word = sobol_octet(0u, index, at);
  word = sobol_octet(word, index >> 8u, at + 8u);
  word = sobol_octet(word, index >> 16u, at + 16u);
  return sobol_octet(word, index >> 24u, at + 24u);
}

// The words of points i + (0, 1, 2, 3), given that of i, a multiple of 4.
fn sobol_four(word: u32, coordinate: u32) -> vec4<u32> {
  let odd = directions[coordinate * 32u];
  let second = word ^ directions[coordinate * 32u + 1u];
  return vec4<u32>(word, word ^ odd, second, second ^ odd);
}

// The words of points 4 quad + (0, 1, 2, 3), quad < 2^30.
fn sobol_words(quad: u32, coordinate: u32) -> vec4<u32> {
  return sobol_four(sobol_word(quad << 2u, coordinate), coordinate);
}

// The same at a third of the cost, for a loop over up to 256 quads that differ in the last eight bits only:
// base = sobol_word of 4 (quad with these bits cleared).
fn sobol_words_near(base: u32, quad: u32, coordinate: u32) -> vec4<u32> {
  return sobol_four(sobol_octet(base, quad, coordinate * 32u + 2u), coordinate);
}

// A permutation of the words in which each bit depends on all.
fn owen_mix(word: u32) -> u32 {
  var x = word;
  x = (x ^ (x >> 16u)) * 0x6a09e667u;
  x = (x ^ (x >> 15u)) * 0xbb67ae85u;
  return x ^ (x >> 16u);
}

// Nested uniform scramble in base 2 (A. Owen, 1995): each bit is flipped or not, as the seed and the more significant
// bits decide. owen.ts says how.
fn owen_scramble(word: u32, seed: u32) -> u32 {
  return owen_scramble4(vec4<u32>(word), seed).x;
}

// owen_scramble of each word.
fn owen_scramble4(words: vec4<u32>, seed: u32) -> vec4<u32> {
  let a = owen_mix(seed);
  let b = owen_mix(a + 0x9e3779b9u);
  let x = reverseBits(words);
  var y = ((x * (b << 1u) + (a << 1u)) * x + ((a >> 15u) | 1u)) * x + seed;
  y ^= y * 0x3c6ef372u;
  return reverseBits((y * ((b >> 16u) << 1u) + ((a >> 7u) | 1u)) * y + (b >> 3u));
}
