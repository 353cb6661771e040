// The first `left` of four values to y from element `to`.
fn row_store(to: u32, bits: vec4<u32>, left: u32) {
  y[to] = bits.x;
  if left > 1u { y[to + 1u] = bits.y; }
  if left > 2u { y[to + 2u] = bits.z; }
  if left > 3u { y[to + 3u] = bits.w; }
}
