// What the elementary functions share. Each is an f32 function of f32 numbers that equals its twin in
// src/arithmetic/single.ts to the bit on every machine that rounds + - * / sqrt correctly: products that feed an
// addition pass through math_opaque or math_mad, specials are told by their bits, subnormal arguments and results are 0. Coefficients
// are written in front of the file that names them, by src/arithmetic/elementary-wgsl.ts.
//
// include: lib/math.wgsl, lib/mad.wgsl

const F_NAN = 0x7fc00000u;
const F_INFINITY = 0x7f800000u;
const F_SIGN = 0x80000000u;
const F_SIZE = 0x7fffffffu;

// The bits of x, those of 0 where x is subnormal.
fn f_bits(x: f32, zero: u32) -> u32 {
  let bits = bitcast<u32>(x) ^ zero;
  return select(bits, bits & F_SIGN, (bits & F_INFINITY) == 0u);
}

// y where x is a number, and NaN where it is not.
fn f_of_number(y: u32, x: u32) -> f32 {
  return bitcast<f32>(select(y, F_NAN, (x & F_SIZE) > F_INFINITY));
}
