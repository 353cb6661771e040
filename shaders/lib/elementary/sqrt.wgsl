// The square root, rounded correctly where the machine's is (it is within 2.5 ULP by the WGSL specification).
fn f_sqrt(x: f32, zero: u32) -> f32 {
  let bits = f_bits(x, zero);
  let root = bitcast<u32>(sqrt(bitcast<f32>(bits & F_SIZE)));
  let y = select(select(root, F_INFINITY, bits == F_INFINITY), F_NAN, bits > F_SIGN);
  return f_of_number(select(y, bits, (bits & F_SIZE) == 0u), bits);
}
