// Philox4x32 with 10 rounds (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC 2011;
// the constants are those of Random123).
//
// Straight-line: in a loop it takes longer on software GPUs. The twin is src/random/philox.ts.
//
// include: lib/mulhi.wgsl

const PHILOX_WEYL = vec2<u32>(0x9e3779b9u, 0xbb67ae85u);

fn philox_round(c: vec4<u32>, key: vec2<u32>) -> vec4<u32> {
  return vec4<u32>(
    mulhi(c.z, 0xcd9e8d57u) ^ c.y ^ key.x,
    c.z * 0xcd9e8d57u,
    mulhi(c.x, 0xd2511f53u) ^ c.w ^ key.y,
    c.x * 0xd2511f53u,
  );
}

fn random_words(counter: vec4<u32>, key: vec2<u32>) -> vec4<u32> {
  var state = counter;
  state = philox_round(state, key);
  state = philox_round(state, key + 1u * PHILOX_WEYL);
  state = philox_round(state, key + 2u * PHILOX_WEYL);
  state = philox_round(state, key + 3u * PHILOX_WEYL);
  state = philox_round(state, key + 4u * PHILOX_WEYL);
  state = philox_round(state, key + 5u * PHILOX_WEYL);
  state = philox_round(state, key + 6u * PHILOX_WEYL);
  state = philox_round(state, key + 7u * PHILOX_WEYL);
  state = philox_round(state, key + 8u * PHILOX_WEYL);
  state = philox_round(state, key + 9u * PHILOX_WEYL);
  return state;
}
