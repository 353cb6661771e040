// Coordinates of points in a buffer, by their bits, so that subnormal ones are the same whether or not a machine keeps them.

// The number; one closer to 0 than 2^-126 counts as ±2^-126, but 0 is 0.
fn value_of(bits: u32) -> f32 {
  let size = bits & 0x7fffffffu;
  let held = select(bits, (bits & 0x80000000u) | 0x00800000u, (size != 0u) & (size < 0x00800000u));
  return bitcast<f32>(held);
}

// log |x|, also of subnormal x: they are whole multiples of 2^-149. Of 0 it is a number below all of these.
fn log_size_of(bits: u32, zero: u32) -> f32 {
  let size = bits & 0x7fffffffu;
  let subnormal = size < 0x00800000u;
  let whole = select(size, bitcast<u32>(f32(size)), subnormal);
  let log = f_log(bitcast<f32>(whole), zero);
  let scaled = math_opaque(log - 103.27892990343184, zero);
  return select(select(log, scaled, subnormal), -104.0, size == 0u);
}
