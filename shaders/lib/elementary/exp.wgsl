// exp(x), within 2 ULP. Above 88.7228 it is Inf, below -87.3365 (where it would be subnormal) 0.
fn f_exp(x: f32, zero: u32) -> f32 {
  let t = select(select(x, 89.0, x > 89.0), -105.0, x < -105.0);
  let y = f_bits(f_exp_sum(t, 0.0, zero), zero);
  return f_of_number(select(y, F_INFINITY, x > F_EXP_LARGEST), bitcast<u32>(x));
}
