// The sine of x + turn quarter turns, x in turns: the nearest quarter is taken away exactly, and minimax polynomials do the
// rest on |r| <= 1/8 (relative error of the sine 4e-9, absolute of the cosine 1e-10).
fn f_sin_turns(x: f32, turn: u32, zero: u32) -> f32 {
  let bits = f_bits(x, zero);
  let size = bits & F_SIZE;
  // From 2^11 on, what the top 12 bits say is whole turns; from 2^24 on, everything is.
  let whole = bitcast<f32>(select(0u, bits & 0xfffff000u, size >= 0x45000000u));
  let v = select(bitcast<f32>(bits) - whole, 0.0, size >= 0x4b800000u);
  let shifted = bitcast<u32>(v + 0x1.8p21) ^ zero; // the sum counts quarters
  let r = v - (bitcast<f32>(shifted) - 0x1.8p21);
  let t = r * r;
  var p = math_mad_any(t, F_SIN_TURNS_0, F_SIN_TURNS_1, zero);
  p = math_mad(p, t, F_SIN_TURNS_2, zero);
  p = math_mad(p, t, F_SIN_TURNS_3, zero); // 2 pi less its f32
  p = select(p, 0.0, size < 0x0d800000u); // below 2^-100 the product may be subnormal
  let sine = math_opaque(r * F_TURN, zero) + math_opaque(r * p, zero);
  var q = math_mad_any(t, F_COS_TURNS_0, F_COS_TURNS_1, zero);
  q = math_mad(q, t, F_COS_TURNS_2, zero);
  q = math_mad(q, t, F_COS_TURNS_3, zero);
  let cosine = math_mad(q, t, F_COS_TURNS_4, zero);
  let quarter = shifted + turn;
  let y = select(f_bits(sine, zero), bitcast<u32>(cosine), (quarter & 1u) == 1u) ^ ((quarter & 2u) * 0x40000000u);
  return bitcast<f32>(select(y, F_NAN, size >= F_INFINITY));
}
