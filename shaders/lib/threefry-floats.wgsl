// lib/threefry.wgsl without shifts: the same words, for SwiftShader, which shifts lane by lane and needs 3.6 times as
// long for the other one. Everywhere else the other one is faster.
//
// A rotation's left half is a product with a power of two. Its right half is the upper bits as an f32: they are
// few enough to convert exactly, and once 1.5 * 2^(23 + n) is added, exactly too, the lowest bits of the sum's
// pattern are those of x >> n.

fn random_words(counter: vec4<u32>, key: vec2<u32>) -> vec4<u32> {
  let last = 0x1bd11bdau ^ key.x ^ key.y;
  var x0 = counter.x + key.x;
  var x1 = counter.y + key.y;
  var x2 = counter.z;
  var x3 = counter.w;
  x0 += x1; x1 = threefry_left10(x1) ^ x0;
  x2 += x3; x3 = threefry_left26(x3) ^ x2;
  x0 += x3; x3 = threefry_left11(x3) ^ x0;
  x2 += x1; x1 = threefry_left21(x1) ^ x2;
  x0 += x1; x1 = threefry_left13(x1) ^ x0;
  x2 += x3; x3 = threefry_left27(x3) ^ x2;
  x0 += x3; x3 = threefry_left23(x3) ^ x0;
  x2 += x1; x1 = threefry_left5(x1) ^ x2;
  x0 += key.y; x3 += last + 1u;
  x0 += x1; x1 = threefry_left6(x1) ^ x0;
  x2 += x3; x3 = threefry_left20(x3) ^ x2;
  x0 += x3; x3 = threefry_left17(x3) ^ x0;
  x2 += x1; x1 = threefry_left11(x1) ^ x2;
  x0 += x1; x1 = threefry_left25(x1) ^ x0;
  x2 += x3; x3 = threefry_left10(x3) ^ x2;
  x0 += x3; x3 = threefry_left18(x3) ^ x0;
  x2 += x1; x1 = threefry_left20(x1) ^ x2;
  x2 += last; x3 += key.x + 2u;
  x0 += x1; x1 = threefry_left10(x1) ^ x0;
  x2 += x3; x3 = threefry_left26(x3) ^ x2;
  x0 += x3; x3 = threefry_left11(x3) ^ x0;
  x2 += x1; x1 = threefry_left21(x1) ^ x2;
  x0 += x1; x1 = threefry_left13(x1) ^ x0;
  x2 += x3; x3 = threefry_left27(x3) ^ x2;
  x0 += x3; x3 = threefry_left23(x3) ^ x0;
  x2 += x1; x1 = threefry_left5(x1) ^ x2;
  x1 += last; x2 += key.x; x3 += key.y + 3u;
  x0 += x1; x1 = threefry_left6(x1) ^ x0;
  x2 += x3; x3 = threefry_left20(x3) ^ x2;
  x0 += x3; x3 = threefry_left17(x3) ^ x0;
  x2 += x1; x1 = threefry_left11(x1) ^ x2;
  x0 += x1; x1 = threefry_left25(x1) ^ x0;
  x2 += x3; x3 = threefry_left10(x3) ^ x2;
  x0 += x3; x3 = threefry_left18(x3) ^ x0;
  x2 += x1; x1 = threefry_left20(x1) ^ x2;
  x0 += last; x1 += key.x; x2 += key.y; x3 += 4u;
  x0 += x1; x1 = threefry_left10(x1) ^ x0;
  x2 += x3; x3 = threefry_left26(x3) ^ x2;
  x0 += x3; x3 = threefry_left11(x3) ^ x0;
  x2 += x1; x1 = threefry_left21(x1) ^ x2;
  x0 += x1; x1 = threefry_left13(x1) ^ x0;
  x2 += x3; x3 = threefry_left27(x3) ^ x2;
  x0 += x3; x3 = threefry_left23(x3) ^ x0;
  x2 += x1; x1 = threefry_left5(x1) ^ x2;
  return vec4<u32>(x0 + key.x, x1 + key.y, x2, x3 + 5u);
}

fn threefry_left5(x: u32) -> u32 { return threefry_turn(x, 0x20u, 0xf8000000u, 0x1.8p50f); }
fn threefry_left6(x: u32) -> u32 { return threefry_turn(x, 0x40u, 0xfc000000u, 0x1.8p49f); }
fn threefry_left10(x: u32) -> u32 { return threefry_turn(x, 0x400u, 0xffc00000u, 0x1.8p45f); }
fn threefry_left11(x: u32) -> u32 { return threefry_turn(x, 0x800u, 0xffe00000u, 0x1.8p44f); }
fn threefry_left13(x: u32) -> u32 { return threefry_turn(x, 0x2000u, 0xfff80000u, 0x1.8p42f); }
fn threefry_left17(x: u32) -> u32 { return threefry_turn(x, 0x20000u, 0xffff8000u, 0x1.8p38f); }
fn threefry_left18(x: u32) -> u32 { return threefry_turn(x, 0x40000u, 0xffffc000u, 0x1.8p37f); }
fn threefry_left20(x: u32) -> u32 { return threefry_turn(x, 0x100000u, 0xfffff000u, 0x1.8p35f); }
fn threefry_left21(x: u32) -> u32 { return threefry_turn(x, 0x200000u, 0xfffff800u, 0x1.8p34f); }
fn threefry_left23(x: u32) -> u32 { return threefry_turn(x, 0x800000u, 0xfffffe00u, 0x1.8p32f) ^ 0x400000u; }
fn threefry_left25(x: u32) -> u32 { return threefry_turn_far(x, 0x2000000u, 0x200u, 0xff80u, 0x1.8p30f); }
fn threefry_left26(x: u32) -> u32 { return threefry_turn_far(x, 0x4000000u, 0x400u, 0xffc0u, 0x1.8p29f); }
fn threefry_left27(x: u32) -> u32 { return threefry_turn_far(x, 0x8000000u, 0x800u, 0xffe0u, 0x1.8p28f); }

// x rotated to the left by r <= 22 bits; up = 2^r, upper = the r upper bits, magic = 1.5 * 2^(55 - r).
fn threefry_turn(x: u32, up: u32, upper: u32, magic: f32) -> u32 {
  return (x * up) | (bitcast<u32>(f32(bitcast<i32>(x & upper)) + magic) & (up - 1u));
}

// For r > 24, whose upper bits do not all fit into an f32: the upper half of x and the rest by themselves.
fn threefry_turn_far(x: u32, up: u32, half: u32, rest: u32, magic: f32) -> u32 {
  let a = bitcast<u32>(f32(bitcast<i32>(x & 0xffff0000u)) + 0x1.8p39f) & 0xffffu;
  let b = bitcast<u32>(f32(bitcast<i32>(x & rest)) + magic) & (half - 1u);
  return (x * up) | (a * half) | b;
}
