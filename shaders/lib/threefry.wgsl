// Threefry4x32 with 20 rounds (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC 2011;
// the rotations are those of Random123), under the key (key.x, key.y, 0, 0).
//
// Straight-line and on scalars: in a loop it takes longer on software GPUs. The twin is src/random/threefry.ts.

fn random_words(counter: vec4<u32>, key: vec2<u32>) -> vec4<u32> {
  let last = 0x1bd11bdau ^ key.x ^ key.y;
  var x0 = counter.x + key.x;
  var x1 = counter.y + key.y;
  var x2 = counter.z;
  var x3 = counter.w;
  x0 += x1; x1 = ((x1 << 10u) | (x1 >> 22u)) ^ x0;
  x2 += x3; x3 = ((x3 << 26u) | (x3 >> 6u)) ^ x2;
  x0 += x3; x3 = ((x3 << 11u) | (x3 >> 21u)) ^ x0;
  x2 += x1; x1 = ((x1 << 21u) | (x1 >> 11u)) ^ x2;
  x0 += x1; x1 = ((x1 << 13u) | (x1 >> 19u)) ^ x0;
  x2 += x3; x3 = ((x3 << 27u) | (x3 >> 5u)) ^ x2;
  x0 += x3; x3 = ((x3 << 23u) | (x3 >> 9u)) ^ x0;
  x2 += x1; x1 = ((x1 << 5u) | (x1 >> 27u)) ^ x2;
  x0 += key.y; x3 += last + 1u;
  x0 += x1; x1 = ((x1 << 6u) | (x1 >> 26u)) ^ x0;
  x2 += x3; x3 = ((x3 << 20u) | (x3 >> 12u)) ^ x2;
  x0 += x3; x3 = ((x3 << 17u) | (x3 >> 15u)) ^ x0;
  x2 += x1; x1 = ((x1 << 11u) | (x1 >> 21u)) ^ x2;
  x0 += x1; x1 = ((x1 << 25u) | (x1 >> 7u)) ^ x0;
  x2 += x3; x3 = ((x3 << 10u) | (x3 >> 22u)) ^ x2;
  x0 += x3; x3 = ((x3 << 18u) | (x3 >> 14u)) ^ x0;
  x2 += x1; x1 = ((x1 << 20u) | (x1 >> 12u)) ^ x2;
  x2 += last; x3 += key.x + 2u;
  x0 += x1; x1 = ((x1 << 10u) | (x1 >> 22u)) ^ x0;
  x2 += x3; x3 = ((x3 << 26u) | (x3 >> 6u)) ^ x2;
  x0 += x3; x3 = ((x3 << 11u) | (x3 >> 21u)) ^ x0;
  x2 += x1; x1 = ((x1 << 21u) | (x1 >> 11u)) ^ x2;
  x0 += x1; x1 = ((x1 << 13u) | (x1 >> 19u)) ^ x0;
  x2 += x3; x3 = ((x3 << 27u) | (x3 >> 5u)) ^ x2;
  x0 += x3; x3 = ((x3 << 23u) | (x3 >> 9u)) ^ x0;
  x2 += x1; x1 = ((x1 << 5u) | (x1 >> 27u)) ^ x2;
  x1 += last; x2 += key.x; x3 += key.y + 3u;
  x0 += x1; x1 = ((x1 << 6u) | (x1 >> 26u)) ^ x0;
  x2 += x3; x3 = ((x3 << 20u) | (x3 >> 12u)) ^ x2;
  x0 += x3; x3 = ((x3 << 17u) | (x3 >> 15u)) ^ x0;
  x2 += x1; x1 = ((x1 << 11u) | (x1 >> 21u)) ^ x2;
  x0 += x1; x1 = ((x1 << 25u) | (x1 >> 7u)) ^ x0;
  x2 += x3; x3 = ((x3 << 10u) | (x3 >> 22u)) ^ x2;
  x0 += x3; x3 = ((x3 << 18u) | (x3 >> 14u)) ^ x0;
  x2 += x1; x1 = ((x1 << 20u) | (x1 >> 12u)) ^ x2;
  x0 += last; x1 += key.x; x2 += key.y; x3 += 4u;
  x0 += x1; x1 = ((x1 << 10u) | (x1 >> 22u)) ^ x0;
  x2 += x3; x3 = ((x3 << 26u) | (x3 >> 6u)) ^ x2;
  x0 += x3; x3 = ((x3 << 11u) | (x3 >> 21u)) ^ x0;
  x2 += x1; x1 = ((x1 << 21u) | (x1 >> 11u)) ^ x2;
  x0 += x1; x1 = ((x1 << 13u) | (x1 >> 19u)) ^ x0;
  x2 += x3; x3 = ((x3 << 27u) | (x3 >> 5u)) ^ x2;
  x0 += x3; x3 = ((x3 << 23u) | (x3 >> 9u)) ^ x0;
  x2 += x1; x1 = ((x1 << 5u) | (x1 >> 27u)) ^ x2;
  return vec4<u32>(x0 + key.x, x1 + key.y, x2, x3 + 5u);
}
