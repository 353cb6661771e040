// A function of an f32 number as pieces in the order of the numbers' keys (src/distributions/curve): polynomials, or one value each; in
// front of them steps, each 1 more than the one before. Nothing but t and the polynomial goes through float arithmetic, so NaN,
// infinities and subnormal numbers are what their bits say.

const CURVE_SIGN = 0x80000000u;
const CURVE_SIZE = 0x7fffffffu;
const CURVE_INFINITY = 0x7f800000u;
const CURVE_NAN = 0x7fc00000u;

// The place of an f32's bits in the order of the numbers; both zeros have one.
fn curve_key(bits: u32) -> u32 {
  let size = bits & CURVE_SIZE;
  return select(CURVE_SIGN + size, CURVE_SIGN - size, bits >= CURVE_SIGN);
}

fn curve_bits(key: u32) -> u32 {
  return select((CURVE_SIGN - key) | CURVE_SIGN, key - CURVE_SIGN, key >= CURVE_SIGN);
}

// The bits of the largest whole number that is not above a number, or of the least that is not below.
fn curve_whole(bits: u32, up: bool) -> u32 {
  let size = bits & CURVE_SIZE;
  let sign = bits & CURVE_SIGN;
  let away = (size != 0u) & ((sign == 0u) == up);
  let near = bitcast<f32>(select(bits, 0u, size >= 0x4b000000u)); // from 2^23 on every number is whole
  let rounded = bitcast<u32>(select(floor(near), ceil(near), up));
  let small = sign | select(0u, 0x3f800000u, away);
  return select(select(rounded, bits, size >= 0x4b000000u), small, size < 0x3f800000u);
}

// The bits of m 2^n, rounded where they are those of a subnormal number.
fn curve_scaled(m: f32, n: i32) -> u32 {
  let bits = bitcast<u32>(m);
  let size = bits & CURVE_SIZE;
  let exponent = i32(size >> 23u) + n;
  let digits = (size & 0x7fffffu) | 0x800000u;
  let dropped = u32(clamp(1 - exponent, 1, 25));
  let subnormal = (digits + (1u << (dropped - 1u))) >> dropped;
  let normal = (u32(clamp(exponent, 1, 254)) << 23u) | (digits & 0x7fffffu);
  var y = select(normal, subnormal, exponent < 1);
  y = select(y, CURVE_INFINITY, exponent > 254);
  y = select(y, 0u, size < 0x800000u);
  return y | (bits & CURVE_SIGN);
}

// The bits of the function's value at a key.
fn curve_at(key: u32, count: u32, steps: u32, first: f32, zero: u32) -> u32 {
  var low = 0u;
  var high = count;
  while high - low > 1u {
    let middle = (low + high) / 2u;
    let reached = starts[middle] <= key;
    low = select(low, middle, reached);
    high = select(middle, high, reached);
  }
  if low < steps { return bitcast<u32>(first + f32(low)); }
  let own = 2u * (low - steps);
  let a = pieces[own];
  let b = pieces[own + 1u];
  if b.w == 0xffffffffu { return a.x; }
  let shrink = bitcast<f32>(0x3f800000u - ((b.w & 0xffu) << 23u));
  let t = f32(bitcast<i32>(key - b.z)) * shrink;
  var sum = bitcast<f32>(b.y);
  sum = math_opaque(sum * t, zero) + bitcast<f32>(b.x);
  sum = math_opaque(sum * t, zero) + bitcast<f32>(a.w);
  sum = math_opaque(sum * t, zero) + bitcast<f32>(a.z);
  sum = math_opaque(sum * t, zero) + bitcast<f32>(a.y);
  sum = math_opaque(sum * t, zero) + bitcast<f32>(a.x);
  return curve_scaled(sum, i32(b.w >> 8u) - 256);
}

// The bits of the number that is nearest to one, between two by their keys.
fn curve_clamped(bits: u32, least: u32, most: u32) -> u32 {
  return curve_bits(clamp(curve_key(bits), least, most));
}
