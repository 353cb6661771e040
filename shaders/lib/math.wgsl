// Our own exp and log, because the built-in ones may err by 3 + 2|x| ULP (exp) and by 2^-21 absolute
// near 1 (log), and give finite values at 0 and NaN (https://www.w3.org/TR/WGSL/#floating-point-accuracy).
//
// `zero` is 0 at run time but no compiler knows it: math_opaque(x, zero) is x, and a product that passes
// through it cannot be re-associated or contracted away (a plain bitcast is folded).
//
// Software GPUs shift lane by lane, even by constants, and multiply and convert all lanes at once: so exponents are
// put in place by products, and read by a conversion, which is exact.
//
// The MATH_… that are not here are written in front of it by src/arithmetic/math-wgsl.ts.

const MATH_MAGIC = 0x1.8p23; // adding it leaves round(x) in the low bits

fn math_opaque(x: f32, zero: u32) -> f32 {
  return bitcast<f32>(bitcast<u32>(x) ^ zero);
}

// a b + c, rounded twice. math_mad of mad.wgsl or mad-fused.wgsl is the same where neither a nor b is a constant.
fn math_mad_any(a: f32, b: f32, c: f32, zero: u32) -> f32 {
  return math_opaque(a * b, zero) + c;
}

// The larger of two numbers. Software GPUs run this at a third of the cost of max(), which must also care for NaN.
fn math_larger(a: f32, b: f32) -> f32 {
  return select(b, a, a > b);
}

fn math_larger4(a: vec4<f32>, b: vec4<f32>) -> vec4<f32> {
  return select(b, a, a > b);
}

// exp(t) for -87.336 <= t <= 0, within 1 ULP: t = n ln 2 + r (Cody and Waite's two-part ln 2), and a
// minimax polynomial of degree 6 for exp(r), exact at 0 (relative error 4e-9 before rounding).
fn math_exp(t: f32, zero: u32) -> f32 {
  let shifted = bitcast<u32>(t * MATH_LOG2E + MATH_MAGIC) ^ zero;
  let n = bitcast<f32>(shifted) - MATH_MAGIC;
  let r = (t - math_opaque(n * MATH_LN2_HIGH, zero)) - n * MATH_LN2_LOW;
  return (math_expm1_near(r) + 1.0) * bitcast<f32>(shifted * 0x800000u + 0x3f800000u);
}

// (exp(t), exp(t) - 1) for -87.3 <= t <= 0, each with full relative accuracy.
fn math_exp_expm1(t: f32, zero: u32) -> vec2<f32> {
  let shifted = bitcast<u32>(t * MATH_LOG2E + MATH_MAGIC) ^ zero;
  let n = bitcast<f32>(shifted) - MATH_MAGIC;
  let r = (t - math_opaque(n * MATH_LN2_HIGH, zero)) - n * MATH_LN2_LOW;
  let near = math_expm1_near(r);
  let power = bitcast<f32>(shifted * 0x800000u + 0x3f800000u);
  return vec2<f32>((near + 1.0) * power, near * power + (power - 1.0));
}

// exp(r) - 1 for |r| <= ln(2) / 2.
fn math_expm1_near(r: f32) -> f32 {
  var p = r * MATH_EXP_0 + MATH_EXP_1;
  p = p * r + MATH_EXP_2;
  p = p * r + MATH_EXP_3;
  p = p * r + MATH_EXP_4;
  return p * (r * r) + r;
}

// 2^u for -125 <= u <= 4 within 2 ULP of the rounded u; NaN gives NaN. Cheaper than math_exp; the rounding of u
// itself costs |u| ULP, which a sum forgives (its terms shrink faster than |u| grows) and a single term does not.
fn math_exp2_sum(u: f32, zero: u32) -> f32 {
  let shifted = bitcast<u32>(u + MATH_MAGIC) ^ zero;
  let f = u - (bitcast<f32>(shifted) - MATH_MAGIC);
  var p = f * MATH_EXP2_0 + MATH_EXP2_1;
  p = p * f + MATH_EXP2_2;
  p = p * f + MATH_EXP2_3;
  p = p * f + MATH_EXP2_4;
  p = p * f + MATH_EXP2_5;
  return p * bitcast<f32>(shifted * 0x800000u + 0x3f800000u);
}

fn math_exp2_sum4(u: vec4<f32>, zero: u32) -> vec4<f32> {
  return vec4<f32>(math_exp2_sum(u.x, zero), math_exp2_sum(u.y, zero), math_exp2_sum(u.z, zero), math_exp2_sum(u.w, zero));
}

// log(1 + f) for sqrt(1/2) - 1 <= f <= sqrt(2) - 1 (coefficients: Cephes logf, S. Moshier).
fn math_log_near(f: f32) -> f32 {
  var p = MATH_LOG_0 * f + MATH_LOG_1;
  p = p * f + MATH_LOG_2;
  p = p * f + MATH_LOG_3;
  p = p * f + MATH_LOG_4;
  p = p * f + MATH_LOG_5;
  p = p * f + MATH_LOG_6;
  p = p * f + MATH_LOG_7;
  p = p * f + MATH_LOG_8;
  return f - (0.5 * f * f - f * f * f * p);
}

// Natural logarithm of a positive normal x, within 2 ULP.
fn math_log(x: f32, zero: u32) -> f32 {
  let lifted = bitcast<u32>(x) + (0x3f800000u - 0x3f3504f3u);
  let n = f32(i32(lifted & 0x7f800000u)) * 0x1p-23 - 127.0;
  let m = bitcast<f32>((lifted & 0x7fffffu) + 0x3f3504f3u);
  return math_opaque(n * MATH_LN2_HIGH, zero) + (math_log_near(m - 1.0) + n * MATH_LN2_LOW);
}

// log(1 + y) for y >= 0, with full relative accuracy for small y: 1 + y is taken apart as math_log does it, and put aside
// where y is small, because software GPUs would compute both sides of a branch.
fn math_log1p(y: f32, zero: u32) -> f32 {
  let near = y < 0.41;
  let lifted = bitcast<u32>(1.0 + y) + (0x3f800000u - 0x3f3504f3u);
  let n = select(f32(i32(lifted & 0x7f800000u)) * 0x1p-23 - 127.0, 0.0, near);
  let f = select(bitcast<f32>((lifted & 0x7fffffu) + 0x3f3504f3u) - 1.0, y, near);
  return math_opaque(n * MATH_LN2_HIGH, zero) + (math_log_near(f) + n * MATH_LN2_LOW);
}
